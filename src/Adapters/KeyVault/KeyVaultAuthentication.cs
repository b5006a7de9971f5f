using Azure.Core;
using Azure.Core.Pipeline;

namespace StellarPay.Adapters.KeyVault;

/// <summary>
/// Learns from the vault's first 401 which token it wants, and brings that one from then on. What is sent before the vault
/// has said so has no body, for a body may hold a data key.
/// </summary>
internal sealed class KeyVaultAuthentication(TokenCredential credential) : BearerTokenAuthenticationPolicy(credential, [])
{
    private const string HeldBack = "StellarPay.HeldBackContent";
    private volatile KeyVaultChallenge? _challenge;

    protected override async ValueTask AuthorizeRequestAsync(HttpMessage message)
    {
        if (_challenge is { } challenge)
        {
            GiveBack(message);
            await AuthenticateAndAuthorizeRequestAsync(message, challenge.Request(message.Request.ClientRequestId));
        }
        else
        {
            HoldBack(message);
        }
    }

    protected override void AuthorizeRequest(HttpMessage message)
    {
        if (_challenge is { } challenge)
        {
            GiveBack(message);
            AuthenticateAndAuthorizeRequest(message, challenge.Request(message.Request.ClientRequestId));
        }
        else
        {
            HoldBack(message);
        }
    }

    protected override async ValueTask<bool> AuthorizeRequestOnChallengeAsync(HttpMessage message)
    {
        if (Learn(message) is not { } challenge)
        {
            return false;
        }

        await AuthenticateAndAuthorizeRequestAsync(message, challenge.Request(message.Request.ClientRequestId));
        return true;
    }

    protected override bool AuthorizeRequestOnChallenge(HttpMessage message)
    {
        if (Learn(message) is not { } challenge)
        {
            return false;
        }

        AuthenticateAndAuthorizeRequest(message, challenge.Request(message.Request.ClientRequestId));
        return true;
    }

    private static void HoldBack(HttpMessage message)
    {
        if (message.Request.Content is { } content)
        {
            message.SetProperty(HeldBack, content);
            message.Request.Content = null;
        }
    }

    // A request may be sent again after another has learnt the challenge, and it too must have its body then.
    private static void GiveBack(HttpMessage message)
    {
        if (message.TryGetProperty(HeldBack, out var content))
        {
            message.Request.Content = (RequestContent?)content;
        }
    }

    private KeyVaultChallenge? Learn(HttpMessage message)
    {
        if (!message.Response.Headers.TryGetValue(HttpHeader.Names.WwwAuthenticate, out var header)
            || !KeyVaultChallenge.TryParse(header, out var challenge))
        {
            return null;
        }

        if (!challenge.IsFor(message.Request.Uri.ToUri()))
        {
            throw new KeyVaultException($"The vault {message.Request.Uri.Host} asks for a token of {challenge.Scope}, which is not its own.", 401);
        }

        GiveBack(message);

        // Claims are asked for once; the next token is the usual one.
        _challenge = challenge with { Claims = null };
        return challenge;
    }
}
