using StellarPay.Frontdoor.Messages;

namespace StellarPay.Frontdoor.Auth.Codes;

/// <summary>
/// What people are told about codes. No links: they are to type what they read where they are, and a link in a message that asks
/// to be followed is what they are to mistrust.
/// </summary>
internal static class CodeMessages
{
    /// <summary>The code.</summary>
    public static Message Code(string id, Contact contact, OneTimeCode code) => WithCode(
        id, contact, code, "Your StellarPay code", "is your StellarPay code", "you need do nothing.");

    /// <summary>A code for the address of a business; whose it is, is not said: whoever asked for it chose what it is called.</summary>
    public static Message MerchantCode(string id, Contact contact, OneTimeCode code) => WithCode(
        id, contact, code, "Your StellarPay code for a business", "is the code by which this address becomes that of a business with StellarPay",
        "you need do nothing.");

    /// <summary>A code that sets a password.</summary>
    public static Message PasswordCode(string id, Contact contact, OneTimeCode code) => WithCode(
        id, contact, code, "Your StellarPay code for a new password", "is the code by which you set a new password for StellarPay",
        "you need do nothing: your password is as it was.");

    /// <summary>That the password is another.</summary>
    public static Message PasswordSet(string id, Contact contact) => new(
        id,
        contact.Channel,
        contact.Name,
        "Your StellarPay password was changed",
        "Your password was set anew by a code that was sent to you, and all sessions were ended. If it was not you, set another at once, "
        + "and see to it that nobody else reads what is sent to you.\n",
        Code: null);

    /// <summary>That the name has an account already, for whoever has the name and forgot.</summary>
    public static Message Taken(string id, Contact contact) => new(
        id,
        contact.Channel,
        contact.Name,
        "You have a StellarPay account already",
        "Somebody has signed up to StellarPay with this address or number, which belongs to your account already. If it was you, log "
        + "in to that account. If it was not, you need do nothing: your account is as it was.\n",
        Code: null);

    /// <summary>That another user wanted the name in place of his, for whoever has it.</summary>
    public static Message WantedByAnother(string id, Contact contact) => new(
        id,
        contact.Channel,
        contact.Name,
        "Somebody wanted to use this contact for a StellarPay account",
        "Somebody has entered this address or number for his StellarPay account, and it belongs to your account already. You need do "
        + "nothing: your account is as it was.\n",
        Code: null);

    private static Message WithCode(string id, Contact contact, OneTimeCode code, string subject, string purpose, string otherwise)
    {
        var shown = code.Reveal();
        // Whoever gets it may be told that there were too many while somebody else asks on.
        var holds = code.IsLong
            ? "It was asked for so often that this is the last for a while: it holds until the next can be asked for."
            : "It holds for ten minutes.";
        return new Message(
            id,
            contact.Channel,
            contact.Name,
            subject,
            $"{shown} {purpose}. {holds}\n\n"
            + $"Nobody of StellarPay will ask you for it. If you did not ask for it, {otherwise}\n",
            shown);
    }
}
