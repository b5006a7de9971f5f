using System.Globalization;
using StellarPay.Frontdoor.Auth.Codes;

namespace StellarPay.Frontdoor.Notices;

/// <summary>Notices in English.</summary>
internal sealed class EnglishNotices : NoticeWords
{
    private const string NotYou = "If it was not you, end all sessions and set another password at once.";

    private const string FactorSubject = "The second factor of your StellarPay account";

    private EnglishNotices()
    {
    }

    public static EnglishNotices Instance { get; } = new();

    public override NoticeText NewDevice(string? program, string when) => new(
        "New login to your StellarPay account",
        $"Somebody logged in to your account from a device or network that was not used for it of late: {Known(program, "a program")}, "
        + $"{when}. If it was you, you need do nothing. {NotYou}\n",
        $"StellarPay: new login from an unknown device or network, {when}. {NotYou}");

    public override NoticeText PasswordSet(string when) => new(
        "Your StellarPay password was changed",
        $"Your password was changed, {when}. If it was not you, set another at once, and see to it that nobody else reads what is "
        + "sent to your other contact.\n",
        $"StellarPay: your password was changed, {when}. If it was not you, set another at once.");

    public override NoticeText Reuse(string when) => new(
        "A session of your StellarPay account was ended",
        $"A session was ended because its key was used twice: somebody may have copied it ({when}). Log in again. If you did nothing "
        + $"unusual, look at your sessions. {NotYou}\n",
        $"StellarPay: a session was ended because its key was used twice, {when}. {NotYou}");

    public override NoticeText Factor(FactorNews news, string when)
    {
        var what = news switch
        {
            FactorNews.Added => "a second factor was set up, and the last code that you were sent for one undoes it for 72 hours",
            FactorNews.Removed => "a second factor was removed",
            FactorNews.Locked => "wrong codes of your second factor were entered so often that it is locked for a while",
            FactorNews.RecoveryCodeUsed => "a recovery code was used",
            _ => "new recovery codes were made, and those of before hold no more",
        };
        return new NoticeText(
            FactorSubject,
            $"In your account {what}, {when}. If it was you, you need do nothing. {NotYou} If you cannot log in, ask our support at once.\n",
            $"StellarPay: {what}, {when}. {NotYou}");
    }

    public override NoticeText FactorAdded(string when, string undoCode, string until) => new(
        FactorSubject,
        $"In your account a second factor was set up, {when}. If it was you, you need do nothing.\n\nIf it was not you: {undoCode} undoes it, "
        + $"until {until}. Enter the code where you log in, under \"Undo a change\". It ends all sessions, and you set another password. Nobody "
        + "of StellarPay will ask you for it.\n",
        $"StellarPay: a second factor was set up, {when}. If it was not you, {undoCode} undoes it until {until}: enter it where you log in.");

    public override NoticeText RecipientAdded(string when) => new(
        "A contact was added to your StellarPay account",
        $"Somebody was added to those whom you pay by a name of your own, {when}. If it was you, you need do nothing. If not, remove the "
        + "contact, pay nobody by it, and end all other sessions at once.\n",
        $"StellarPay: a contact was added, {when}. If it was not you, remove it and end all other sessions.");

    public override NoticeText RecipientRemoved(string when) => new(
        "A contact was removed from your StellarPay account",
        $"Somebody was removed from those whom you pay by a name of your own, {when}. If it was you, you need do nothing. If not, look at your "
        + "contacts before you pay by one, and end all other sessions at once.\n",
        $"StellarPay: a contact was removed, {when}. If it was not you, look at your contacts and end all other sessions.");

    public override NoticeText RecipientChanged(string when) => new(
        "Whom a contact of yours stands for was changed",
        $"Whom one of your StellarPay contacts stands for was changed, {when}: payments to it go to somebody else from now on. {NotYou} Look "
        + "at your contacts before you pay by one.\n",
        $"StellarPay: whom one of your contacts stands for was changed, {when}. {NotYou}");

    public override NoticeText NoticesChanged(string when) => new(
        "What StellarPay tells you was changed",
        $"Which payments you are told of was changed, {when}. If it was you, you need do nothing. {NotYou}\n",
        $"StellarPay: which payments you are told of was changed, {when}. {NotYou}");

    public override NoticeText Merchant(MerchantNews news, string about, string when)
    {
        if (news == MerchantNews.KeyDue)
        {
            return new NoticeText(
                "An API key of your business is old",
                $"An API key of a business of yours has not been exchanged for long ({when}). Exchange it for another: whoever may have seen it "
                + "in the meantime can do nothing with it then.\n",
                $"StellarPay: an API key of your business has not been exchanged for long. Exchange it for another ({when}).");
        }

        var what = news switch
        {
            MerchantNews.KeyCreated => "an API key was made",
            MerchantNews.KeyRotated => "an API key was exchanged for another",
            MerchantNews.KeyChanged => "from where an API key may be used was changed",
            MerchantNews.KeyRevoked => "an API key was revoked",
            MerchantNews.SigningRequired => "it was set that requests which move money must be signed",
            MerchantNews.SigningOptional => "it was set that requests which move money need not be signed any more",
            MerchantNews.RefundAddressSet => $"it was decided that what is given back of a payment ({about}) goes to another address than its payer's, in a day at the soonest",
            MerchantNews.RefundAddressLapsed => $"nothing of a payment ({about}) is given back until somebody decides anew where it goes, for whoever decided that may no more",
            MerchantNews.RefundAddressWithdrawn => $"it was decided that what is given back of a payment ({about}) goes to its payer after all",
            _ => "who belongs to it, or with what role, was changed",
        };
        return new NoticeText(
            "A change at your business with StellarPay",
            $"At a business of yours {what}, {when}. If you know of it, you need do nothing. If not, look at its keys and its people at once.\n",
            $"StellarPay: at your business {what}, {when}. If you do not know of it, look at its keys and people at once.");
    }

    public override NoticeText? Customer(MerchantNews news, string session, string when) => news switch
    {
        MerchantNews.RefundAddressSet => new NoticeText(
            "Where a refund goes was changed",
            $"A business that you have paid ({session}) has decided, {when}, that what it gives back of your payment goes to another address than "
            + "the one from which you paid. It does so in a day. If you have asked for it, you need do nothing. If not, ask the business at once to "
            + "take it back.\n",
            $"StellarPay: where a refund of {session} goes was changed, {when}."),
        MerchantNews.RefundAddressWithdrawn => new NoticeText(
            "Where a refund goes was changed back",
            $"A business that you have paid ({session}) has decided, {when}, that what it gives back of your payment goes to the address from which "
            + "you paid after all. If you know of it, you need do nothing. If not, ask the business.\n",
            $"StellarPay: where a refund of {session} goes was changed back, {when}."),
        _ => null,
    };

    public override NoticeText WebhookSecretsKnown(string endpoints, string when) => new(
        "Replace secrets of webhook endpoints",
        $"Somebody who belongs to a business of yours no more, or may do less for it now, was shown the secrets of these webhook endpoints: "
        + $"{endpoints} ({when}). They hold still, so that your shop goes on. Replace each by roll_secret as soon as your shop can take the "
        + "new one: until then he can make up what looks as if we had sent it.\n",
        $"StellarPay: somebody who has left your business knows secrets of webhook endpoints. Replace them: {endpoints} ({when}).");

    public override NoticeText Sent(string amount, string payment, string when) => new(
        $"You sent {amount}",
        $"You sent {amount}, {when}. The payment is {payment}. {NotYou}\n",
        $"StellarPay: you sent {amount}, {when}.");

    public override NoticeText Received(string amount, string when) => new(
        $"You received {amount}",
        $"You received {amount}, {when}.\n",
        $"StellarPay: you received {amount}, {when}.");

    public override NoticeText InvitationOver(string amount, string invitation, bool wasConfirmed)
    {
        var what = wasConfirmed ? "could not be paid" : "was not taken up in time";
        return new NoticeText(
            $"Your invitation over {amount} is over",
            $"Your invitation over {amount} {what}. The amount is no longer set aside: it is yours to spend again. The invitation is {invitation}.\n",
            $"StellarPay: your invitation over {amount} {what}. The amount is yours to spend again.");
    }

    public override NoticeText ChangeAsked(ContactKind kind, string when) => new(
        $"A change of your StellarPay {Name(kind)} was asked for",
        $"Somebody who knows your password asked to change the {Name(kind)} of your account, {when}. Nothing is changed before the new "
        + $"one is confirmed. {NotYou}\n",
        $"StellarPay: a change of your {Name(kind)} was asked for, {when}. {NotYou}");

    public override NoticeText Changed(ContactKind kind, string undoCode, string until) => new(
        $"Your StellarPay {Name(kind)} was changed",
        $"The {Name(kind)} of your account was changed. If it was you, you need do nothing.\n\nIf it was not you: {undoCode} undoes it, until "
        + $"{until}. Enter the code where you log in, under \"Undo a change\". It ends all sessions, and you set another password. Nobody "
        + "of StellarPay will ask you for it.\n",
        $"StellarPay: your {Name(kind)} was changed. If it was not you, {undoCode} undoes it until {until}: enter it where you log in.");

    public override NoticeText Undone(string when) => new(
        "A change of your StellarPay account was undone",
        $"Your account has its former e-mail address, phone number and second factors again, {when}. All sessions were ended, and your password holds no "
        + "more: set another by \"Forgot password\".\n",
        $"StellarPay: changes of your account were undone, {when}. Set another password by \"Forgot password\".");

    public override NoticeText Digest(NoticeKind kind, int count)
    {
        var what = (kind, count) switch
        {
            (NoticeKind.Money, 1) => "one more payment was sent or received",
            (NoticeKind.Money, _) => Counted($"{count} more payments were sent or received"),
            (_, 1) => "one more thing happened that concerns your account's safety",
            _ => Counted($"{count} more things happened that concern your account's safety"),
        };
        return new NoticeText(
            "More happened in your StellarPay account",
            $"In the last hour {what}. They are not told one by one; all of them are in the app.\n",
            $"StellarPay: in the last hour {what}.");
    }

    private static string Name(ContactKind kind) => kind == ContactKind.Email ? "e-mail address" : "phone number";

    private static string Counted(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
