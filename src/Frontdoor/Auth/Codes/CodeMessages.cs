using StellarPay.Frontdoor.Messages;

namespace StellarPay.Frontdoor.Auth.Codes;

/// <summary>
/// What people are told about codes. No links: they are to type what they read where they are, and a link in a message that asks
/// to be followed is what they are to mistrust.
/// </summary>
internal static class CodeMessages
{
    /// <summary>The code.</summary>
    public static Message Code(string id, Contact contact, OneTimeCode code)
    {
        var digits = code.Reveal();
        return new Message(
            id,
            contact.Channel,
            contact.Name,
            "Your StellarPay code",
            $"{digits} is your StellarPay code. It holds for ten minutes.\n\n"
            + "Nobody of StellarPay will ask you for it. If you did not ask for it, you need do nothing.\n",
            digits);
    }

    /// <summary>That the name has an account already, for whoever has the name and forgot.</summary>
    public static Message Taken(string id, Contact contact) => new(
        id,
        contact.Channel,
        contact.Name,
        "You have a StellarPay account already",
        "Somebody has signed up to StellarPay with this address or number, which belongs to your account already. If it was you, log "
        + "in to that account. If it was not, you need do nothing: your account is as it was.\n",
        Code: null);
}
