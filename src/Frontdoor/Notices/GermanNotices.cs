using System.Globalization;
using StellarPay.Frontdoor.Auth.Codes;

namespace StellarPay.Frontdoor.Notices;

/// <summary>Notices in German.</summary>
internal sealed class GermanNotices : NoticeWords
{
    private const string NotYou = "Wenn Sie das nicht waren, beenden Sie sofort alle Sitzungen und setzen Sie ein anderes Passwort.";

    private const string FactorSubject = "Der zweite Faktor Ihres StellarPay-Kontos";

    private GermanNotices()
    {
    }

    public static GermanNotices Instance { get; } = new();

    public override NoticeText NewDevice(string? program, string when) => new(
        "Neue Anmeldung bei Ihrem StellarPay-Konto",
        "Jemand hat sich bei Ihrem Konto von einem Gerät oder Netz angemeldet, das zuletzt nicht dafür benutzt wurde: "
        + $"{Known(program, "ein Programm")}, {when}. Wenn Sie es waren, brauchen Sie nichts zu tun. {NotYou}\n",
        $"StellarPay: neue Anmeldung von einem unbekannten Gerät oder Netz, {when}. {NotYou}");

    public override NoticeText PasswordSet(string when) => new(
        "Ihr StellarPay-Passwort wurde geändert",
        $"Ihr Passwort wurde geändert, {when}. Wenn Sie das nicht waren, setzen Sie sofort ein anderes, und sorgen Sie dafür, dass "
        + "niemand sonst liest, was an Ihren anderen Kontakt geschickt wird.\n",
        $"StellarPay: Ihr Passwort wurde geändert, {when}. Wenn Sie das nicht waren, setzen Sie sofort ein anderes.");

    public override NoticeText Reuse(string when) => new(
        "Eine Sitzung Ihres StellarPay-Kontos wurde beendet",
        $"Eine Sitzung wurde beendet, weil ihr Schlüssel zweimal benutzt wurde: jemand könnte ihn kopiert haben ({when}). Melden Sie "
        + $"sich neu an. Wenn Sie nichts Ungewöhnliches getan haben, sehen Sie Ihre Sitzungen durch. {NotYou}\n",
        $"StellarPay: eine Sitzung wurde beendet, weil ihr Schlüssel zweimal benutzt wurde, {when}. {NotYou}");

    public override NoticeText Factor(FactorNews news, string when)
    {
        var what = news switch
        {
            FactorNews.Added =>
                "ein zweiter Faktor wurde eingerichtet, und der letzte Code, den Sie dazu bekommen haben, macht es 72 Stunden lang rückgängig",
            FactorNews.Removed => "ein zweiter Faktor wurde entfernt",
            FactorNews.Locked => "falsche Codes Ihres zweiten Faktors wurden so oft eingegeben, dass er für eine Weile gesperrt ist",
            FactorNews.RecoveryCodeUsed => "ein Wiederherstellungscode wurde benutzt",
            _ => "neue Wiederherstellungscodes wurden erzeugt, und die bisherigen gelten nicht mehr",
        };
        return new NoticeText(
            FactorSubject,
            $"In Ihrem Konto ist etwas geschehen: {what}, {when}. Wenn Sie es waren, brauchen Sie nichts zu tun. {NotYou} Wenn Sie sich "
            + "nicht anmelden können, wenden Sie sich sofort an uns.\n",
            $"StellarPay: {what}, {when}. {NotYou}");
    }

    public override NoticeText FactorAdded(string when, string undoCode, string until) => new(
        FactorSubject,
        $"In Ihrem Konto wurde ein zweiter Faktor eingerichtet, {when}. Wenn Sie es waren, brauchen Sie nichts zu tun.\n\nWenn nicht: "
        + $"{undoCode} macht es rückgängig, bis {until}. Geben Sie den Code dort ein, wo Sie sich anmelden, unter „Änderung rückgängig machen“. "
        + "Das beendet alle Sitzungen, und Sie setzen ein anderes Passwort. Niemand von StellarPay wird Sie danach fragen.\n",
        $"StellarPay: ein zweiter Faktor wurde eingerichtet, {when}. Wenn Sie es nicht waren, macht {undoCode} es bis {until} rückgängig: "
        + "geben Sie ihn dort ein, wo Sie sich anmelden.");

    public override NoticeText RecipientAdded(string when) => new(
        "In Ihrem StellarPay-Konto wurde ein Kontakt angelegt",
        $"Zu denen, die Sie unter einem eigenen Namen bezahlen, ist jemand hinzugekommen, {when}. Wenn Sie es waren, brauchen Sie nichts zu "
        + "tun. Wenn nicht, entfernen Sie den Kontakt, bezahlen Sie niemanden damit, und beenden Sie sofort alle anderen Sitzungen.\n",
        $"StellarPay: ein Kontakt wurde angelegt, {when}. Wenn Sie das nicht waren, entfernen Sie ihn und beenden Sie alle anderen Sitzungen.");

    public override NoticeText RecipientRemoved(string when) => new(
        "In Ihrem StellarPay-Konto wurde ein Kontakt entfernt",
        $"Von denen, die Sie unter einem eigenen Namen bezahlen, wurde jemand entfernt, {when}. Wenn Sie es waren, brauchen Sie nichts zu tun. "
        + "Wenn nicht, sehen Sie Ihre Kontakte durch, bevor Sie mit einem bezahlen, und beenden Sie sofort alle anderen Sitzungen.\n",
        $"StellarPay: ein Kontakt wurde entfernt, {when}. Wenn Sie das nicht waren, sehen Sie Ihre Kontakte durch und beenden Sie alle anderen "
        + "Sitzungen.");

    public override NoticeText RecipientChanged(string when) => new(
        "Einer Ihrer Kontakte steht jetzt für jemand anderen",
        $"Für wen einer Ihrer StellarPay-Kontakte steht, wurde geändert, {when}: Zahlungen an ihn gehen ab jetzt an jemand anderen. {NotYou} "
        + "Sehen Sie Ihre Kontakte durch, bevor Sie mit einem bezahlen.\n",
        $"StellarPay: für wen einer Ihrer Kontakte steht, wurde geändert, {when}. {NotYou}");

    public override NoticeText NoticesChanged(string when) => new(
        "Was StellarPay Ihnen mitteilt, wurde geändert",
        $"Welche Zahlungen Ihnen mitgeteilt werden, wurde geändert, {when}. Wenn Sie es waren, brauchen Sie nichts zu tun. {NotYou}\n",
        $"StellarPay: welche Zahlungen Ihnen mitgeteilt werden, wurde geändert, {when}. {NotYou}");

    public override NoticeText Merchant(MerchantNews news, string about, string when)
    {
        if (news == MerchantNews.KeyDue)
        {
            return new NoticeText(
                "Ein API-Schlüssel Ihres Unternehmens ist alt",
                $"Ein API-Schlüssel eines Ihrer Unternehmen wurde lange nicht getauscht ({when}). Tauschen Sie ihn: Wer ihn inzwischen gesehen "
                + "haben könnte, kann dann nichts mehr damit tun.\n",
                $"StellarPay: ein API-Schlüssel Ihres Unternehmens wurde lange nicht getauscht. Tauschen Sie ihn ({when}).");
        }

        var what = news switch
        {
            MerchantNews.KeyCreated => "wurde ein API-Schlüssel erstellt",
            MerchantNews.KeyRotated => "wurde ein API-Schlüssel getauscht",
            MerchantNews.KeyChanged => "wurde geändert, von wo ein API-Schlüssel benutzt werden darf",
            MerchantNews.KeyRevoked => "wurde ein API-Schlüssel widerrufen",
            MerchantNews.SigningRequired => "wurde festgelegt, dass Anfragen, die Geld bewegen, signiert sein müssen",
            MerchantNews.SigningOptional => "wurde festgelegt, dass Anfragen, die Geld bewegen, nicht mehr signiert sein müssen",
            MerchantNews.RefundAddressSet =>
                $"wurde festgelegt, dass die Erstattung einer Zahlung ({about}) frühestens in einem Tag an eine andere Adresse geht als die des Zahlers",
            MerchantNews.RefundAddressLapsed =>
                $"hatte über die Erstattung einer Zahlung ({about}) jemand bestimmt, der das nicht mehr darf: bis neu bestimmt ist, wohin, wird nichts erstattet",
            MerchantNews.RefundAddressWithdrawn => $"wurde festgelegt, dass die Erstattung einer Zahlung ({about}) doch an ihren Zahler geht",
            _ => "wurde geändert, wer mit welcher Rolle dazugehört",
        };
        return new NoticeText(
            "Eine Änderung bei Ihrem Unternehmen mit StellarPay",
            $"Bei einem Ihrer Unternehmen {what}, {when}. Wenn Sie davon wissen, brauchen Sie nichts zu tun. Wenn nicht, prüfen Sie sofort "
            + "Schlüssel und Personen.\n",
            $"StellarPay: bei Ihrem Unternehmen {what}, {when}. Wenn Sie nichts davon wissen, prüfen Sie sofort Schlüssel und Personen.");
    }

    public override NoticeText? Customer(MerchantNews news, string session, string when) => news switch
    {
        MerchantNews.RefundAddressSet => new NoticeText(
            "Wohin eine Erstattung geht, wurde geändert",
            $"Ein Unternehmen, das Sie bezahlt haben ({session}), hat am {when} festgelegt, dass es Ihre Zahlung an eine andere Adresse erstattet als "
            + "die, von der Sie gezahlt haben. Das gilt in einem Tag. Wenn Sie darum gebeten haben, müssen Sie nichts tun. Wenn nicht, bitten Sie das "
            + "Unternehmen sofort, es zurückzunehmen.\n",
            $"StellarPay: Wohin eine Erstattung zu {session} geht, wurde geändert ({when})."),
        MerchantNews.RefundAddressWithdrawn => new NoticeText(
            "Wohin eine Erstattung geht, wurde zurückgeändert",
            $"Ein Unternehmen, das Sie bezahlt haben ({session}), hat am {when} festgelegt, dass es Ihre Zahlung doch an die Adresse erstattet, von der "
            + "Sie gezahlt haben. Wenn Sie davon wissen, müssen Sie nichts tun. Wenn nicht, fragen Sie das Unternehmen.\n",
            $"StellarPay: Wohin eine Erstattung zu {session} geht, wurde zurückgeändert ({when})."),
        _ => null,
    };

    public override NoticeText WebhookSecretsKnown(string endpoints, string when) => new(
        "Tauschen Sie Geheimnisse von Webhook-Endpunkten",
        $"Jemandem, der einem Ihrer Unternehmen nicht mehr angehört oder dort jetzt weniger darf, wurden die Geheimnisse dieser "
        + $"Webhook-Endpunkte gezeigt: {endpoints} ({when}). Sie gelten weiter, damit Ihr Geschäft weiterläuft. Tauschen Sie jedes mit "
        + "roll_secret, sobald Ihr Geschäft das neue annehmen kann: Bis dahin kann er erfinden, was aussieht, als hätten wir es gesendet.\n",
        $"StellarPay: wer Ihr Unternehmen verlassen hat, kennt Geheimnisse von Webhook-Endpunkten. Tauschen Sie sie: {endpoints} ({when}).");

    public override NoticeText Sent(string amount, string payment, string when) => new(
        $"Sie haben {amount} gesendet",
        $"Sie haben {amount} gesendet, {when}. Die Zahlung ist {payment}. {NotYou}\n",
        $"StellarPay: Sie haben {amount} gesendet, {when}.");

    public override NoticeText Received(string amount, string when) => new(
        $"Sie haben {amount} erhalten",
        $"Sie haben {amount} erhalten, {when}.\n",
        $"StellarPay: Sie haben {amount} erhalten, {when}.");

    public override NoticeText InvitationOver(string amount, string invitation, bool wasConfirmed)
    {
        var what = wasConfirmed ? "konnte nicht bezahlt werden" : "wurde nicht rechtzeitig angenommen";
        return new NoticeText(
            $"Ihre Einladung über {amount} ist beendet",
            $"Ihre Einladung über {amount} {what}. Der Betrag ist nicht mehr zurückgelegt: Sie können wieder darüber verfügen. Die Einladung ist {invitation}.\n",
            $"StellarPay: Ihre Einladung über {amount} {what}. Sie können wieder über den Betrag verfügen.");
    }

    public override NoticeText ChangeAsked(ContactKind kind, string when) => new(
        $"Eine Änderung Ihrer StellarPay-{Name(kind)} wurde verlangt",
        $"Jemand, der Ihr Passwort kennt, will die {Name(kind)} Ihres Kontos ändern, {when}. Nichts wird geändert, bevor die neue bestätigt "
        + $"ist. {NotYou}\n",
        $"StellarPay: eine Änderung Ihrer {Name(kind)} wurde verlangt, {when}. {NotYou}");

    public override NoticeText Changed(ContactKind kind, string undoCode, string until) => new(
        $"Ihre StellarPay-{Name(kind)} wurde geändert",
        $"Die {Name(kind)} Ihres Kontos wurde geändert. Wenn Sie es waren, brauchen Sie nichts zu tun.\n\nWenn Sie es nicht waren: "
        + $"{undoCode} macht es rückgängig, bis {until}. Geben Sie den Code dort ein, wo Sie sich anmelden, unter „Änderung rückgängig "
        + "machen“. Alle Sitzungen werden beendet, und Sie setzen ein anderes Passwort. Niemand von StellarPay wird Sie danach fragen.\n",
        $"StellarPay: Ihre {Name(kind)} wurde geändert. Wenn Sie das nicht waren, macht {undoCode} es bis {until} rückgängig: geben Sie "
        + "den Code dort ein, wo Sie sich anmelden.");

    public override NoticeText Undone(string when) => new(
        "Eine Änderung Ihres StellarPay-Kontos wurde rückgängig gemacht",
        $"Ihr Konto hat wieder seine frühere E-Mail-Adresse, Telefonnummer und zweiten Faktoren, {when}. Alle Sitzungen wurden beendet, und Ihr Passwort "
        + "gilt nicht mehr: setzen Sie ein anderes mit „Passwort vergessen“.\n",
        $"StellarPay: Änderungen Ihres Kontos wurden rückgängig gemacht, {when}. Setzen Sie ein anderes Passwort mit „Passwort vergessen“.");

    public override NoticeText Digest(NoticeKind kind, int count)
    {
        var what = (kind, count) switch
        {
            (NoticeKind.Money, 1) => "wurde noch eine Zahlung gesendet oder empfangen",
            (NoticeKind.Money, _) => Counted($"wurden noch {count} Zahlungen gesendet oder empfangen"),
            (_, 1) => "ist noch etwas geschehen, das die Sicherheit Ihres Kontos angeht",
            _ => Counted($"sind noch {count} Dinge geschehen, die die Sicherheit Ihres Kontos angehen"),
        };
        return new NoticeText(
            "In Ihrem StellarPay-Konto ist mehr geschehen",
            $"In der letzten Stunde {what}. Einzeln wird das nicht mitgeteilt; in der App ist alles zu sehen.\n",
            $"StellarPay: in der letzten Stunde {what}.");
    }

    private static string Name(ContactKind kind) => kind == ContactKind.Email ? "E-Mail-Adresse" : "Telefonnummer";

    private static string Counted(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
