"""What pages share: templates, styles, rendering."""
