"""What a community meets when it asks: approval, days with less capacity, suggested articles, the widget, and how it was helped."""
