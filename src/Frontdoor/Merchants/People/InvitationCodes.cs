using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Messages;

namespace StellarPay.Frontdoor.Merchants.People;

/// <summary>What is kept of the codes that invite people, and what is said with them.</summary>
internal sealed class InvitationCodes(byte[] secret)
{
    private readonly byte[] _key = TokenSecret.DeriveKey(secret, "stellarpay/merchant invitations/v1"u8);

    public byte[] HashOf(LongCode code) => code.HashFor(_key);

    /// <summary>The message; without a link, and without what the business is called: whoever invites has chosen that.</summary>
    public static Message Compose(string id, Contact to, LongCode code) => new(
        id,
        to.Channel,
        to.Name,
        "You are invited to a business with StellarPay",
        "Somebody wants you to see to a business with StellarPay together with him. If you know of it, log in to StellarPay with this address, "
        + $"or sign up with it, and enter this code where you join a business: {code.Reveal()}. It holds for seven days, once.\n\n"
        + "If you do not know of it, you need do nothing. Nobody of StellarPay will ask you for the code.\n",
        code.Reveal());
}
