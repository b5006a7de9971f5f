using System.Net;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Merchants;
using StellarPay.Stellar.Domains;

namespace StellarPay.Frontdoor.Webhooks.Targets;

/// <summary>
/// Where merchants may have us call: hosts of the public internet, over TLS where payments are real. Looked at when an endpoint is
/// registered, and at each connection again.
/// </summary>
internal sealed class WebhookTargets
{
    private const int LongestUrl = 2048;
    private const int Https = 443;
    private const int Http = 80;
    private const int FirstHighPort = 1024;

    private static readonly TimeSpan ResolutionEnds = TimeSpan.FromSeconds(5);

    private readonly OwnHosts _own;
    private readonly TimeProvider _time;
    private readonly bool _isLive;

    public WebhookTargets(OwnHosts own, ResolveName resolve, MerchantMode mode, IOptions<WebhookOptions> options, TimeProvider time)
    {
        (_own, _time, _isLive) = (own, time, mode.IsLive);
        Rules = new ConnectionRules
        {
            AllowsLoopback = options.Value.AllowLoopback && !mode.IsLive,
            Refused = own.Networks,
            Resolve = (host, cancellationToken) => resolve(host, cancellationToken),
        };
    }

    /// <summary>What connections go by.</summary>
    public ConnectionRules Rules { get; }

    /// <summary>Whether a stored URL may be called, but for its address.</summary>
    public bool Allows(Uri url) => !_own.Has(url.IdnHost) && (url.Scheme == Uri.UriSchemeHttps || !_isLive);

    /// <summary>What is wrong with a URL that an endpoint is to have; null where it may.</summary>
    public async Task<string?> ProblemOfAsync(string text, CancellationToken cancellationToken)
    {
        if (text.Length > LongestUrl || text.AsSpan().ContainsAnyExceptInRange('!', '~')
            || !Uri.TryCreate(text, UriKind.Absolute, out var url)
            || !(url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp))
        {
            return $"'url' is an https URL of at most {LongestUrl} characters of ASCII.";
        }

        if (_isLive && url.Scheme != Uri.UriSchemeHttps)
        {
            return "'url' is an https URL: payments are real here.";
        }

        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0 || text.Contains('\\', StringComparison.Ordinal))
        {
            return "'url' has neither a user's name nor a fragment.";
        }

        if (!IsPlainHost(text, url) || _own.Has(url.IdnHost))
        {
            return "'url' names a host on the public internet, by its full name.";
        }

        if (!IsPort(url))
        {
            return _isLive ? "'url' has port 443." : "'url' has port 443, port 80 or one from 1024 on.";
        }

        return await IsReachableAsync(url.IdnHost.Trim('[', ']'), cancellationToken)
            ? null
            // The same whether it has no address or one of somebody's inner network: nobody learns our names by it.
            : "'url' names a host on the public internet, by its full name.";
    }

    // As it is written, so that no other reader of it takes it for another one: no trailing dot, no 0x7f.1, no 2130706433.
    private bool IsPlainHost(string text, Uri url)
    {
        var host = url.Host;
        var at = url.Scheme.Length + Uri.SchemeDelimiter.Length;
        if (string.Compare(text, at, host, 0, host.Length, StringComparison.OrdinalIgnoreCase) != 0 || host.EndsWith('.'))
        {
            return false;
        }

        return url.HostNameType switch
        {
            UriHostNameType.Dns => host.Contains('.', StringComparison.Ordinal) || (Rules.AllowsLoopback && host == "localhost"),
            UriHostNameType.IPv4 or UriHostNameType.IPv6 => true,
            _ => false,
        };
    }

    private bool IsPort(Uri url) => _isLive
        ? url.Port == Https
        : url.Port is Https or Http or >= FirstHighPort || (Rules.AllowsLoopback && url.IsLoopback);

    private async Task<bool> IsReachableAsync(string host, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(ResolutionEnds, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return (await Rules.FindAsync(host, either.Token).WaitAsync(either.Token)) is { Count: > 0 };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
