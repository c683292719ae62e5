"""The Roll tab: how children join, are away by leave, go missing, and leave; a page for each life."""
