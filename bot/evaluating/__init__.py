"""What is measured against labelled data the operator gives: one reader a kind of data, figures as plain values."""
