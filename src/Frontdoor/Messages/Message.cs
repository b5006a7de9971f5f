namespace StellarPay.Frontdoor.Messages;

/// <summary>By what a message goes.</summary>
internal enum MessageChannel
{
    Email,
    Sms,
}

/// <summary>Something that is said to somebody.</summary>
/// <param name="Id">Its id, <c>msg_…</c>; the same however often it is sent, so that who gets it twice can tell.</param>
/// <param name="Channel">By what it goes.</param>
/// <param name="To">An e-mail address, or a phone number in E.164.</param>
/// <param name="Subject">What it is about; not for SMS.</param>
/// <param name="Text">All of it, in plain text.</param>
/// <param name="Code">The one-time code that it brings, or null. The text has it, too.</param>
internal sealed record Message(string Id, MessageChannel Channel, string To, string Subject, string Text, string? Code)
{
    public const string IdPrefix = "msg_";

    // The text is a secret: it may hold a code.
    public override string ToString() => Id;
}
