"""Where the links of articles lead: collected at night, those outside asked politely, those inside looked up (docs/adr/0060)."""
