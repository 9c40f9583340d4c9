"""邻里互助: neighbours of one micro-grid ask and help each other; nobody's telephone is given away."""
