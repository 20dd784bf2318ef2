# French (français), vous.

## On every page

language = Langue
imprint = Mentions légales
privacy = Confidentialité

## The invitation

invite-title = Invitation à rejoindre { $site }
contact-title = { $inviter } souhaite discuter avec vous
reset-title = Nouveau mot de passe pour { $address }
invite-preview = Ouvrez l’invitation pour rejoindre { $site } et commencer à discuter.
contact-preview = Ouvrez l’invitation pour ajouter { $inviter } à vos contacts.
reset-preview = Ouvrez le lien pour choisir un nouveau mot de passe.

join-heading = Rejoignez { $site }
join-invited-by = { $inviter } vous invite à discuter sur { $site }.
join-invited = Vous avez reçu une invitation à discuter sur { $site }.
join-contact = Une fois l’invitation acceptée, vous retrouverez { $inviter } dans vos contacts.
join-about = Écrivez des messages, envoyez des photos, discutez en groupe. Vous choisissez l’appli qui vous plaît, et vous pouvez aussi discuter avec des personnes sur d’autres serveurs du réseau ouvert XMPP.
join-name-kept = L’adresse { $address } vous est réservée.
join-places = { $count ->
        [one] Ce lien est encore valable pour une personne.
       *[other] Ce lien est encore valable pour { $count } personnes.
    }

contact-heading = { $inviter } souhaite discuter avec vous
contact-invited = { $address } aimerait faire partie de vos contacts.
contact-no-account = Pas encore de compte ? Choisissez une appli, créez-y un compte chez le fournisseur de votre choix sur le réseau XMPP, puis revenez sur cette page.
contact-button = Ajouter { $inviter }

reset-heading = Choisissez un nouveau mot de passe
reset-invited = Ce lien est destiné à la personne à qui appartient l’adresse { $address }.
reset-button = Choisir un nouveau mot de passe
reset-app = Ou ouvrir dans une appli

step-app = Installez une appli
step-app-hint = Vous en avez déjà une ? Passez à l’étape suivante.
step-join = Rejoignez-nous
step-join-hint = Une fois l’appli installée, revenez sur cette page et touchez le bouton.
join-button = Rejoindre { $site }
step-account = Créez votre compte
step-account-hint = Cela prend une minute, ici, dans votre navigateur. Ensuite, connectez-vous avec l’appli de votre choix.
account-button = Créer un compte
account-instead = Vous préférez créer votre compte ici, dans le navigateur ?
app-instead = Vous avez une appli qui sait ouvrir les invitations ?
device-choice = Applis pour
device-apps = Applis pour { $device }

qr-heading = Continuez sur votre téléphone
qr-hint = Scannez ce code avec l’appareil photo.
qr-alt = Code QR contenant le lien vers cette page

valid-until = Valable jusqu’au { $time }.
keep-link = Cette invitation est pour vous. Toute personne qui a ce lien peut s’en servir.
copy-link = Copier le lien
copied = Copié

## Setting up one app

setup-heading = Configurez { $app }
setup-install = Installez { $app }
setup-install-hint = Puis revenez sur cette page.
setup-download = Télécharger
setup-website = Site web
setup-play-hint = Si vous l’installez avec le bouton Google Play, l’appli connaîtra votre invitation dès la première ouverture.
setup-open = Ouvrir l’invitation dans { $app }
setup-open-hint = Une fois l’appli installée, touchez ce bouton. L’appli s’occupe du reste.
setup-login = Connectez-vous
setup-login-hint = Ouvrez { $app } et connectez-vous avec votre nouvelle adresse et votre mot de passe.
setup-back = Choisir une autre appli

app-conversations = Le grand classique sur Android : simple, sûr, avec appels.
app-yaxim = Petite et légère, même pour les téléphones anciens.
app-monal = Pour iPhone, iPad et Mac, avec appels.
app-snikket = Facile à utiliser, avec appels.
app-gajim = Complète et personnalisable.
app-dino = Claire et simple, avec appels.
app-kaidan = Conviviale, pour téléphones et ordinateurs.

## Creating the account

register-title = Créer un compte sur { $site }
register-heading = Créez votre compte
register-lead = Choisissez un nom et un mot de passe. Ils vous serviront sur { $site }, dans toutes les applis.
username-label = Nom d’utilisateur
username-hint = Votre adresse sera nom@{ $host }. Vous pouvez utiliser des lettres, des chiffres, des points et des tirets.
address-preview = Votre adresse : { $address }
password-label = Mot de passe
password-hint = Au moins { $count } caractères. Quelques mots peu courants sont faciles à retenir et difficiles à deviner.
password-keep = Notez-le ou laissez votre navigateur l’enregistrer : il ne sera plus possible de le consulter.
password-show = Afficher le mot de passe
password-suggest = Proposer un mot de passe
register-button = Créer le compte

strength-weak = Facile à deviner
strength-fair = Peut être amélioré
strength-good = Bon
strength-strong = Très bon

error-heading = Vous y êtes presque : corrigez ce qui est signalé ci-dessous.
error-title = Erreur : { $title }
name-empty = Veuillez choisir un nom.
name-invalid = Ce nom d’utilisateur n’est pas possible. Utilisez des lettres, des chiffres, des points et des tirets, sans espaces.
name-invalid-try = Un identifiant ne peut contenir que des lettres, des chiffres, des points et des tirets. Que diriez-vous de l’un de ceux-ci ?
name-taken = Ce nom est déjà pris. Veuillez en choisir un autre.
name-taken-try = Cet identifiant est déjà pris. Que diriez-vous de l’un de ceux-ci ?
name-not-yours = Cette invitation est réservée au nom { $username }. Veuillez utiliser ce nom.
name-refused = Le serveur n’accepte pas ce nom. Veuillez en choisir un autre.
password-empty = Veuillez choisir un mot de passe.
password-short = Trop court : utilisez au moins { $count } caractères.
password-long = Trop long : utilisez au plus { $count } caractères.
password-weak = Ce mot de passe est facile à deviner. Ajoutez un ou deux mots.
password-forbidden = Il contient un caractère que les applis ne peuvent pas envoyer. Utilisez des lettres, des chiffres, des signes et des espaces.
password-refused = Le serveur n’accepte pas ce mot de passe. Veuillez en choisir un autre.
server-says = Réponse du serveur : { $reason }

server-refused-heading = Cela n’a pas fonctionné
server-refused = Rien n’a été modifié et votre invitation reste valable. Réessayez ou contactez la personne qui vous a envoyé l’invitation.
server-away-heading = Veuillez réessayer dans quelques minutes
server-away = Le serveur est injoignable pour le moment. Rien n’a été modifié et votre invitation reste valable.
server-unknown-heading = Nous ne savons pas si cela a fonctionné
server-unknown = Le serveur a cessé de répondre juste à ce moment-là. Essayez de vous connecter avec votre appli. Si cela ne marche pas, revenez sur cette page dans quelques minutes et réessayez.
form-foreign-heading = Veuillez renvoyer le formulaire
form-foreign = Il ne venait pas de cette page, donc rien n’a été fait. Ouvrez de nouveau votre invitation et remplissez le formulaire qui s’y trouve.
busy-heading = Quelqu’un est en train de s’inscrire avec cette invitation
busy = Réessayez dans une minute.
account-exists-heading = Cette adresse a déjà un compte
account-exists = Si { $address } est à vous, connectez-vous avec votre appli. Si vous avez oublié le mot de passe, demandez à la personne qui vous a envoyé l’invitation un lien pour en choisir un nouveau.
no-account-heading = Ce compte n’existe pas
no-account = Il n’y a pas de compte { $address }. Contactez la personne qui vous a envoyé ce lien.
bound-name-refused-heading = Le serveur n’accepte pas ce nom
bound-name-refused = Cette invitation est réservée à { $address }, et le serveur n’autorise pas ce nom. Demandez une nouvelle invitation à la personne qui vous a invité.
server-setup-heading = Le serveur n’est pas encore prêt
server-setup = Il n’est pas encore configuré pour les invitations : réessayer n’y changera rien. Prévenez la personne qui vous a envoyé le lien. Rien n’a été modifié et le lien reste valable.
server-encryption = Cette page et le serveur ne s’accordent pas sur le chiffrement : réessayer ici n’y changera rien. Ouvrez plutôt le lien dans une application et prévenez la personne qui vous l’a envoyé. Rien n’a été modifié et le lien reste valable.
server-field = À chaque inscription, il demande une information que cette page ne peut pas envoyer : { $field }. Prévenez la personne qui vous a envoyé le lien. Rien n’a été modifié et le lien reste valable.

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
reset-form-lead = Pour votre compte { $address }.
reset-form-button = Enregistrer le nouveau mot de passe
reset-done-heading = Votre nouveau mot de passe est enregistré
reset-done = Désormais, connectez-vous au compte { $address } avec le nouveau mot de passe. Vos applis vous le demanderont.

## When an invitation does not work

unknown-heading = Invitation introuvable
unknown-what = Nous ne connaissons pas cette invitation. Le lien n’a peut-être pas été copié en entier.
expired-heading = Invitation expirée
expired-what = Cette invitation était valable pour une durée limitée, qui est écoulée.
used-heading = Invitation déjà utilisée
used-what = Cette invitation a déjà servi à quelqu’un, peut-être à vous.
used-advice = Si c’était vous, ouvrez votre appli et connectez-vous avec le mot de passe que vous avez choisi en premier. Sinon, demandez un nouveau lien à la personne qui vous a envoyé l’invitation.
revoked-heading = Invitation annulée
revoked-what = Cette invitation a été annulée et n’est plus valable.
new-link-advice = Demandez un nouveau lien à la personne qui vous a envoyé l’invitation.
reset-expired-heading = Lien expiré
reset-expired-what = Les liens pour choisir un nouveau mot de passe ne sont valables que pour une durée limitée.
reset-used-heading = Lien déjà utilisé
reset-used-what = Un nouveau mot de passe a été enregistré avec ce lien, peut-être par vous.
reset-used-advice = Si c’était vous, connectez-vous avec le mot de passe que vous avez choisi en premier. Sinon, demandez un nouveau lien à la personne qui vous a envoyé celui-ci.
reset-revoked-heading = Ce lien n’est plus valable
reset-revoked-what = Vous avez peut-être reçu un lien plus récent. Dans ce cas, utilisez celui-là.
reset-new-link-advice = Demandez un nouveau lien à la personne qui vous a envoyé celui-ci.

missing-heading = Il n’y a rien ici
missing-what = Aucune page n’existe à cette adresse.
missing-advice = Si vous avez ouvert une invitation, vérifiez que le lien a été copié en entier.

wait-heading = Veuillez patienter un instant
wait-what = Depuis votre connexion Internet, il y a eu trop de tentatives d’ouvrir des invitations que nous ne connaissons pas.
wait-advice = Rechargez cette page dans une minute. Si vous avez ouvert une invitation, vérifiez que le lien a été copié en entier.

trouble-heading = Veuillez réessayer
trouble-what = Nous n’arrivons pas à ouvrir votre invitation pour le moment. Elle n’est pas perdue.
trouble-advice = Rechargez cette page dans une minute.
