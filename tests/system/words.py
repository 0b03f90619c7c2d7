"""The subjects that customers were told, with the sample brand's name filled in."""

SUBJECTS = {
    "transfer-announcement": {
        "en": "Your Account Transfer to the New Portico Online Shop",
        "fr": "Transfert de votre compte vers la nouvelle boutique en ligne Portico",
        "de": "Ihr Kontotransfer zum neuen Portico Online Shop",
        "it": "Trasferimento del vostro conto al nuovo negozio online Portico",
    },
    "transfer-reminder": {
        "en": "Reminder: your account moves to the new Portico Online Shop tomorrow",
        "fr": "Rappel : votre compte passe demain à la nouvelle boutique en ligne Portico",
        "de": "Erinnerung: Ihr Konto zieht morgen in den neuen Portico Online Shop um",
        "it": "Promemoria: domani il vostro conto passa al nuovo negozio online Portico",
    },
    "transfer-welcome": {
        "en": "Welcome to Portico",
        "fr": "Bienvenue chez Portico",
        "de": "Willkommen bei Portico",
        "it": "Welcome to Portico",
    },
}
