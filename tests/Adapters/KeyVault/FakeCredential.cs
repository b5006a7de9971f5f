using System.Collections.Concurrent;
using Azure.Core;

namespace StellarPay.Adapters.Tests.KeyVault;

/// <summary>Gives tokens out of nothing and remembers what it was asked for.</summary>
internal sealed class FakeCredential : TokenCredential
{
    public const string Token = "fake-token-1";

    public ConcurrentQueue<TokenRequestContext> Asked { get; } = [];

    public Exception? Fails { get; set; }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Asked.Enqueue(requestContext);
        return Fails is null ? new AccessToken(Token, DateTimeOffset.MaxValue) : throw Fails;
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        ValueTask.FromResult(GetToken(requestContext, cancellationToken));
}
