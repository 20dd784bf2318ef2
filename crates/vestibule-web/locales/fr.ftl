# French (français), vous.

## On every page

language = Langue
imprint = Mentions légales
privacy = Confidentialité
joiner = { " " }

## The invitation

invite-title = Invitation à rejoindre { $site }
contact-title = { $inviter } souhaite discuter avec vous
reset-title = Nouveau mot de passe pour { $address }
invite-preview = Ouvrez l’invitation pour rejoindre { $site } et commencer à discuter.
contact-preview = Ouvrez l’invitation pour ajouter { $inviter } à vos contacts.
reset-preview = Ouvrez le lien pour choisir un nouveau mot de passe.

join-contact = Une fois l’invitation acceptée, vous retrouverez { $inviter } dans vos contacts.
join-about = Écrivez des messages, envoyez des photos et discutez en groupe, avec l’appli de votre choix. Comme pour l’e-mail, vous pouvez aussi joindre des personnes inscrites ailleurs.
join-name-kept = L’adresse { $address } vous est réservée.
join-places = { $count ->
        [one] Ce lien est encore valable pour une personne.
       *[other] Ce lien est encore valable pour { $count } personnes.
    }

contact-heading = { $inviter } souhaite discuter avec vous
contact-invited = { $address } souhaite vous ajouter à ses contacts.
contact-no-account = Pas encore de compte ? Installez une appli, créez-y un compte, puis revenez sur cette page.
contact-button = Ajouter { $inviter }

reset-heading = Choisissez un nouveau mot de passe
reset-invited = Ce lien est réservé à { $address }. Ne le partagez pas.
reset-button = Choisir un nouveau mot de passe
reset-app = Ou ouvrir dans votre appli

step-app-hint = Vous en avez déjà une ? Passez à l’étape suivante.
step-join = Acceptez l’invitation
join-button = Rejoindre { $site }
step-account = Créez votre compte
step-account-hint = Cela prend une minute, ici, dans votre navigateur. Ensuite, connectez-vous avec l’appli de votre choix.
account-button = Créer un compte
device-choice = Choisir l’appareil
device-ios = iPhone ou iPad

qr-heading = Continuez sur votre téléphone
qr-hint = Scannez ce code avec l’appareil photo de votre téléphone.
qr-alt = Code QR qui ouvre cette page

keep-link = Cette invitation est pour vous uniquement. Toute personne qui a le lien peut s’en servir : ne le transmettez pas.
copied = Copié

## Setting up one app

setup-heading = Configurez { $app }
setup-install = Installez { $app }
setup-install-hint = Puis revenez sur cette page.
setup-download = Télécharger
setup-website = Voir le site
setup-play-hint = Utilisez le bouton Google Play : l’appli aura déjà votre invitation à la première ouverture.
setup-open = Ouvrir l’invitation dans { $app }
setup-open-hint = Une fois l’appli installée, appuyez sur ce bouton. L’appli vous guide ensuite.
setup-login = Connectez-vous
setup-login-hint = Ouvrez { $app } et connectez-vous avec votre adresse et votre mot de passe.
login-button = Cherchez « { $button } » dans l’appli.
login-address = Le champ « { $address } » est pour votre adresse.
setup-back = Choisir une autre appli

app-conversations = Le grand classique sur Android : simple et sûr, pour écrire et appeler.
app-yaxim = Petite et légère, même pour les téléphones anciens.
app-monal = Pour iPhone, iPad et Mac, pour écrire et appeler.
app-snikket = Facile à utiliser, pour écrire et appeler.
app-gajim = Complète et personnalisable.
app-dino = Claire et simple, pour écrire et appeler.
app-kaidan = Facile à utiliser, sur téléphone et ordinateur.

## Creating the account

register-title = Créer un compte sur { $site }
register-heading = Créez votre compte
register-lead = Choisissez un identifiant et un mot de passe. Ils vous serviront sur { $site }, dans toutes les applis.
username-label = Identifiant
username-hint = Votre adresse sera identifiant@{ $host }. Vous pouvez utiliser des lettres, des chiffres, des points et des tirets.
address-preview = Votre adresse : { $address }
password-label = Mot de passe
password-hint = Au moins { $count } caractères. Quelques mots peu courants sont faciles à retenir et difficiles à deviner.
password-keep = Notez-le ou laissez votre navigateur l’enregistrer : nous ne pourrons plus vous l’afficher.
password-show = Afficher le mot de passe
password-suggest = Proposer un mot de passe
register-button = Créer le compte

strength-weak = Facile à deviner
strength-fair = Peut être amélioré
strength-good = Bon
strength-strong = Très bon

error-heading = Vous y êtes presque : corrigez ce qui est signalé ci-dessous.
error-title = Erreur : { $title }
name-empty = Choisissez un identifiant.
name-invalid = Un identifiant ne peut contenir que des lettres, des chiffres, des points et des tirets, sans espace.
name-invalid-try = Un identifiant ne peut contenir que des lettres, des chiffres, des points et des tirets. Que diriez-vous de l’un de ceux-ci ?
name-taken = Cet identifiant est déjà pris. Essayez-en un autre.
name-taken-try = Cet identifiant est déjà pris. Que diriez-vous de l’un de ceux-ci ?
name-not-yours = Cette invitation est réservée à l’identifiant { $username }. Utilisez celui-ci.
name-refused = Cet identifiant n’est pas autorisé ici. Essayez-en un autre.
password-empty = Choisissez un mot de passe.
password-short = Trop court : utilisez au moins { $count } caractères.
password-long = Trop long : choisissez un mot de passe plus court.
password-weak = Ce mot de passe est facile à deviner. Ajoutez un ou deux mots.
password-forbidden = Ce mot de passe contient un caractère que les applis ne gèrent pas. Utilisez des lettres, des chiffres, des symboles et des espaces.
password-refused = Ce mot de passe n’est pas autorisé ici. Essayez-en un autre.
server-says = Réponse du serveur : { $reason }

server-refused-heading = Cela n’a pas fonctionné
server-refused = Rien n’a été modifié et votre invitation reste valable. Réessayez ou contactez la personne qui vous a envoyé l’invitation.
server-away-heading = Réessayez dans quelques minutes
server-away = Le serveur est injoignable pour le moment. Rien n’a été modifié et votre invitation reste valable.
server-unknown-heading = Nous ne savons pas si cela a fonctionné
server-unknown = Le serveur ne répond plus. Essayez de vous connecter avec votre appli. Si cela ne marche pas, revenez sur cette page dans quelques minutes et réessayez.
form-foreign-heading = Remplissez de nouveau le formulaire
form-foreign = Il n’a pas été envoyé depuis cette page ; par sécurité, nous n’avons rien fait. Ouvrez votre invitation et remplissez le formulaire qui s’y trouve.
busy-heading = Quelqu’un est en train de s’inscrire avec cette invitation
busy = Réessayez dans une minute.
account-exists-heading = Cette adresse a déjà un compte
account-exists = Si { $address } est à vous, connectez-vous avec votre appli. Si vous avez oublié le mot de passe, demandez à la personne qui vous a envoyé l’invitation un lien pour en choisir un nouveau.
no-account-heading = Ce compte n’existe pas
no-account = Il n’y a pas de compte { $address }. Contactez la personne qui vous a envoyé ce lien.
bound-name-refused-heading = Cet identifiant n’est pas autorisé ici
bound-name-refused = Cette invitation est réservée à { $address }, et cet identifiant n’est pas autorisé ici. Demandez une nouvelle invitation à la personne qui vous a envoyé celle-ci.
server-setup-heading = Le serveur n’est pas encore prêt
server-setup = Il n’est pas encore configuré pour les invitations : réessayer n’y changera rien. Prévenez la personne qui vous a envoyé le lien. Rien n’a été modifié et le lien reste valable.
server-encryption = Cette page et le serveur ne s’accordent pas sur le chiffrement : réessayer ici n’y changera rien. Ouvrez plutôt le lien dans une appli et prévenez la personne qui vous l’a envoyé. Rien n’a été modifié et le lien reste valable.
server-field = À chaque inscription, il demande une information que cette page ne peut pas envoyer : { $field }. Prévenez la personne qui vous a envoyé le lien. Rien n’a été modifié et le lien reste valable.

## When the account is there

welcome-title = Bienvenue sur { $site }
youre-in = C’est fait, { $name } !
in-contacts = { $inviter } est déjà dans vos contacts.
are-in-groups = { $count ->
        [one] Vous faites partie du groupe { $groups }.
       *[other] Vous faites partie des groupes { $groups }.
    }
your-address = Votre adresse
your-password = Votre mot de passe
copy = Copier
password-shown-once = Ce mot de passe ne s’affiche qu’une seule fois.
password-yours = Utilisez le mot de passe que vous avez choisi.
save-card = Enregistrer une fiche à imprimer
say-hello = Dire bonjour
write-to = Écrire à { $inviter }
log-in-with = Se connecter avec { $app }
other-device = Sur un autre appareil aussi
other-device-hint = Installez-y une appli et connectez-vous avec la même adresse et le même mot de passe. Certaines applis peuvent aussi scanner ce code :
credentials-qr = Code QR contenant votre adresse et votre mot de passe
keep-private = Toute personne qui voit ce code peut se connecter à votre place.
welcome-login = Ouvrez l’appli et connectez-vous avec votre adresse et votre mot de passe.
welcome-choose = Choisir une appli
welcome-webchat = Discuter dans le navigateur

reset-form-heading = Nouveau mot de passe
reset-form-lead = Pour votre compte { $address }
reset-form-button = Enregistrer le nouveau mot de passe
reset-done-heading = Votre mot de passe a été modifié
reset-done = Utilisez désormais le nouveau mot de passe pour { $address }. Vos applis vous le demanderont.

## When an invitation does not work

unknown-heading = Invitation introuvable
unknown-what = Nous ne connaissons pas cette invitation. Le lien n’a peut-être pas été copié en entier.
expired-heading = Invitation expirée
expired-what = Cette invitation n’était valable que pour une durée limitée.
used-heading = Invitation déjà utilisée
used-what = Quelqu’un s’est déjà inscrit avec cette invitation. Était-ce vous ?
used-advice = Si oui, ouvrez votre appli et connectez-vous avec le mot de passe que vous avez choisi en premier. Sinon, demandez une nouvelle invitation à la personne qui vous a envoyé celle-ci.
revoked-heading = Invitation annulée
revoked-what = Elle n’est plus valable.
new-link-advice = Demandez une nouvelle invitation à la personne qui vous a envoyé celle-ci.
reset-expired-heading = Lien expiré
reset-expired-what = Les liens pour choisir un nouveau mot de passe ne sont valables que pour une durée limitée.
reset-used-heading = Lien déjà utilisé
reset-used-what = Un nouveau mot de passe a déjà été enregistré avec ce lien. Était-ce vous ?
reset-used-advice = Si oui, connectez-vous avec le mot de passe que vous avez choisi en premier. Sinon, demandez un nouveau lien à la personne qui vous a envoyé celui-ci.
reset-revoked-heading = Ce lien n’est plus valable
reset-revoked-what = Vous avez peut-être reçu un lien plus récent. Dans ce cas, utilisez celui-là.
reset-new-link-advice = Demandez un nouveau lien à la personne qui vous a envoyé celui-ci.
invited-by = Cette invitation à rejoindre { $site } vient de { $inviter }.
ask-again = Demander une nouvelle invitation à { $inviter }
ask-again-operator = Demander une nouvelle invitation
ask-again-reset = Demander un nouveau lien
asked-heading = Nous avons transmis votre demande
asked = Dès que votre invitation sera renouvelée, ce même lien fonctionnera de nouveau.
asked-reset = Dès que votre lien sera renouvelé, il fonctionnera de nouveau.

already-joined = J’ai déjà créé mon compte
joined-heading = C’était vous ? Alors c’est fait !
joined = Quelqu’un s’est inscrit avec cette invitation. Si c’était vous, continuez à discuter dans votre appli ; vous pouvez fermer cette page.
joined-not-you = Ce n’était pas vous ?
not-joined-heading = Nous ne voyons encore rien
not-joined = Personne ne s’est encore inscrit avec cette invitation. Terminez la création de votre compte, puis vérifiez à nouveau.
check-again = Vérifier à nouveau
back-to-invitation = Retour à l’invitation

missing-heading = Page introuvable
missing-what = Aucune page n’existe à cette adresse.
missing-advice = Si vous avez ouvert une invitation, vérifiez que le lien a été copié en entier.

wait-heading = Patientez un instant
wait-what = Trop de liens d’invitation incorrects ont été ouverts depuis votre réseau.
wait-advice = Rechargez cette page dans une minute. Si vous avez ouvert une invitation, vérifiez que le lien a été copié en entier.

trouble-heading = Un problème est survenu
trouble-what = Nous n’arrivons pas à ouvrir votre invitation pour le moment, mais elle n’est pas perdue.
trouble-advice = Rechargez cette page dans une minute.
try-again = Réessayer

## The first page, redesigned

invited-by-heading = { $inviter } vous invite à discuter
invited-heading = On vous invite à discuter sur { $site }
invited-by-title = { $inviter } vous invite sur { $site }
promise-free = Gratuit
promise-no-phone = Sans numéro de téléphone
promise-no-ads = Sans publicité
get-app = Installer { $app }
app-costs = Payante dans ce magasin
app-for-device = L’appli pour { $device }
in-browser = Dans le navigateur, sans appli
installed-open = Déjà installée ? Ouvrir l’invitation
nothing-happens = Rien ne se passe quand vous appuyez ?
other-ways = Une autre appli, un autre appareil ou dans le navigateur
works-once-until = Rien que pour vous · valable jusqu’au { $date }
works-many-until = { $count ->
        [one] Pour une personne de plus · valable jusqu’au { $date }
       *[other] Pour { $count } personnes de plus · valable jusqu’au { $date }
    }
works-for-all-until = Pour toute personne qui a ce lien · valable jusqu’au { $date }
expires-soon = N’attendez pas : valable seulement jusqu’au { $date }.
in-groups = { $count ->
        [one] Vous ferez partie du groupe { $groups }.
       *[other] Vous ferez partie des groupes { $groups }.
    }
rescue-install = Le bouton ne fonctionne que si { $app } est installée. Installez l’appli, revenez sur cette page et appuyez sur « Ouvrir l’invitation ».
rescue-in-app = Avez-vous ouvert cette page dans une autre appli, comme une messagerie ? Ouvrez-la dans votre navigateur : appuyez sur le menu dans le coin de l’écran, puis sur « Ouvrir dans le navigateur ».
rescue-paste = Ou copiez cette adresse et collez-la dans l’appli :
rescue-browser = Ou passez-vous de l’appli pour l’instant et créez votre compte dans le navigateur.
show-qr = Sur un autre téléphone ou une tablette ? Pointez son appareil photo vers ce code.
who-runs = Qui gère ce service ?
list-separator = { ", " }
app-siskin = Très complète, avec appels.
front-link = Lien de votre invitation
front-open = Ouvrir l’invitation
front-account = Vous avez déjà un compte ?
to-front = Aller à la page d’accueil
sheet-print = Imprimer
help-someone = Vous aidez quelqu’un à s’installer ? Imprimer une fiche
front-what = Discutez avec vos proches sur { $site }.
front-invitation = Pour nous rejoindre, il faut une invitation. Demandez à une personne déjà inscrite de vous en envoyer une.
front-have-link = Vous avez une invitation ? Ouvrez de nouveau son lien ou scannez son code.
sheet-title = Installer la messagerie { $site }
sheet-for = Pour la personne qui aide
sheet-step-install = Installez { $app }.
sheet-step-scan = Scannez ce code avec l’appareil photo du téléphone et ouvrez la page.
sheet-step-open = Appuyez sur « Ouvrir l’invitation », puis choisissez un identifiant et un mot de passe.
sheet-step-first = Envoyez un premier message à { $inviter }.
sheet-address = Adresse
sheet-password = Mot de passe
sheet-help = Qui appeler en cas de besoin

console-heading = Administration de { $site }
console-overview = Vue d’ensemble
console-invites = Invitations
console-new = Nouvelle invitation
console-sessions = Navigateurs connectés
console-log-in = Se connecter
console-log-out = Se déconnecter
console-login-heading = Se connecter à l’administration
console-login-what = Ce lien fonctionne une seule fois. Ne l’utilisez que si vous l’avez créé vous-même.
console-link-over-heading = Ce lien de connexion ne fonctionne plus
console-link-over-what = Un lien de connexion fonctionne une fois, pendant 15 minutes.
console-out-heading = Vous n’êtes pas connecté
console-out-what = Une connexion prend fin après 12 heures, ou après 30 minutes sans utilisation.
console-how = Cette commande sur le serveur crée un lien de connexion :
console-old-form-heading = Cette page est restée ouverte trop longtemps
console-old-form-what = Rien n’a été modifié. Revenez en arrière, rechargez la page et réessayez.
console-pending = Ouverte
console-used = Utilisée
console-expired = Expirée
console-revoked = Retirée
console-all = Toutes
console-asked = Demande un nouveau lien
console-pending-count = Invitations ouvertes
console-asked-count = Demandent un nouveau lien
console-joined-count = Arrivées des sept derniers jours
console-joined = Arrivées
console-nobody = Personne pour l’instant.
console-empty = Aucune invitation ici.
console-search = Chercher dans vos notes
console-show = Afficher
console-older = Plus anciennes
console-by = de
console-until = jusqu’au
console-kind = Pour quoi ?
console-account = Nouveau compte
console-account-and-contact = Nouveau compte et contact
console-contact = Contact
console-password-reset = Nouveau mot de passe
console-for = Pour qui ? Vous seul le voyez.
console-username = Nom d’utilisateur (nécessaire seulement pour un nouveau mot de passe)
console-message = Quelques mots pour la personne (facultatif)
console-uses = Pour combien de personnes ?
console-days = Valable combien de jours ?
console-make = Créer l’invitation
console-wrong = Vérifiez ce que vous avez saisi.
console-code = Code QR du lien
console-preview = Voir ce que verra la personne
console-print = Imprimer une feuille
console-made = Créée
console-extend = Sept jours de plus
console-revoke = Retirer
console-restore = Rendre de nouveau valable
console-since = Depuis
console-last-used = dernière utilisation
console-this-browser = ce navigateur
console-end = Déconnecter là-bas
