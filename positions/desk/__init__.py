"""The coder's desk: a page in the browser with the text of a source on one side and its episode file on the other.

The state is the text of the episode file (`desk`, `store`). The page sends edits of its plain values (`document`); the
answer is the episode side as HTML (`panel`, `forms`) and where the quotations are in the text (`passages`).
"""
