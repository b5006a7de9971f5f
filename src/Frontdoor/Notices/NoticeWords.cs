using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Sessions;

namespace StellarPay.Frontdoor.Notices;

/// <summary>
/// What notices say in a language. No links: a link in a message that asks to be followed is what people are to mistrust. And no words
/// of other people's: a memo, a name or a program's name could be written to be read here.
/// </summary>
internal abstract class NoticeWords
{
    /// <summary>The words for a language tag; English where there are none.</summary>
    public static NoticeWords For(string? language) =>
        language is not null && language.Split('-')[0] == "de" ? GermanNotices.Instance : EnglishNotices.Instance;

    /// <summary>A login from where its user has not been of late.</summary>
    public abstract NoticeText NewDevice(string? program, string when);

    /// <summary>The password was set anew, by a code to another of his contacts.</summary>
    public abstract NoticeText PasswordSet(string when);

    /// <summary>A session was ended because its refresh token came twice.</summary>
    public abstract NoticeText Reuse(string when);

    /// <summary>Something was done with his second factors, or tried at them.</summary>
    public abstract NoticeText Factor(FactorNews news, string when);

    /// <summary>A second factor was set up; with the code that undoes it.</summary>
    public abstract NoticeText FactorAdded(string when, string undoCode, string until);

    /// <summary>He can pay somebody by a name of his own since; neither is said.</summary>
    public abstract NoticeText RecipientAdded(string when);

    /// <summary>He can pay somebody by a name of his own no more; neither is said.</summary>
    public abstract NoticeText RecipientRemoved(string when);

    /// <summary>One of his contacts pays somebody else, or is called as another one was.</summary>
    public abstract NoticeText RecipientChanged(string when);

    /// <summary>What he is told of money is other than before.</summary>
    public abstract NoticeText NoticesChanged(string when);

    /// <summary>Something was done with a business of his.</summary>
    /// <param name="news">What.</param>
    /// <param name="about">With what of it: an id that we have made.</param>
    /// <param name="when">When.</param>
    public abstract NoticeText Merchant(MerchantNews news, string about, string when);

    /// <summary>A business decided where it gives back what a customer paid; null where of that there is nothing to tell him.</summary>
    public abstract NoticeText? Customer(MerchantNews news, string session, string when);

    /// <summary>Who belongs to a business of his no more, or may less, knows what its webhook endpoints are signed with.</summary>
    /// <param name="endpoints">Their ids, which we have made.</param>
    /// <param name="when">When he was removed.</param>
    public abstract NoticeText WebhookSecretsKnown(string endpoints, string when);

    /// <summary>A payment of his is on the ledger.</summary>
    public abstract NoticeText Sent(string amount, string payment, string when);

    /// <summary>Money has come.</summary>
    public abstract NoticeText Received(string amount, string when);

    /// <summary>An invitation of his is over, and its amount is his again: nobody took it up, or it could not be paid.</summary>
    public abstract NoticeText InvitationOver(string amount, string invitation, bool wasConfirmed);

    /// <summary>Somebody with the password asked for another contact in place of one.</summary>
    public abstract NoticeText ChangeAsked(ContactKind kind, string when);

    /// <summary>A contact was exchanged or added; with the code that undoes it.</summary>
    public abstract NoticeText Changed(ContactKind kind, string undoCode, string until);

    /// <summary>Changes of contacts and factors were undone.</summary>
    public abstract NoticeText Undone(string when);

    /// <summary>How many more things of a kind there were than were told one by one.</summary>
    public abstract NoticeText Digest(NoticeKind kind, int count);

    /// <summary>The program of a login, if it is one that everybody knows.</summary>
    protected static string Known(string? program, string otherwise) => DeviceProgram.IsKnown(program) ? program! : otherwise;
}
