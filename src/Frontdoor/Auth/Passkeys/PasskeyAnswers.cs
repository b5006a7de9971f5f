using Fido2NetLib;

namespace StellarPay.Frontdoor.Auth.Passkeys;

/// <summary>What was asked, as it is compared with what is answered: with the challenge that was given then.</summary>
internal static class PasskeyAnswers
{
    public static CredentialCreateOptions Answered(this CredentialCreateOptions options, byte[] challenge)
    {
        options.Challenge = challenge;
        return options;
    }

    public static AssertionOptions Answered(this AssertionOptions options, byte[] challenge)
    {
        options.Challenge = challenge;
        return options;
    }
}
