using System.Globalization;

namespace StellarPay.Frontdoor.Notices;

/// <summary>Notices in English.</summary>
internal sealed class EnglishNotices : NoticeWords
{
    private const string NotYou = "If it was not you, end all sessions and set another password at once.";

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

    public override NoticeText Sent(string amount, string payment, string when) => new(
        $"You sent {amount}",
        $"You sent {amount}, {when}. The payment is {payment}. {NotYou}\n",
        $"StellarPay: you sent {amount}, {when}.");

    public override NoticeText Received(string amount, string when) => new(
        $"You received {amount}",
        $"You received {amount}, {when}.\n",
        $"StellarPay: you received {amount}, {when}.");

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

    private static string Counted(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
