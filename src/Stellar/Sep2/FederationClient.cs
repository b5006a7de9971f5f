using System.Globalization;
using System.Text;
using System.Text.Json;
using StellarPay.Stellar.Domains;
using StellarPay.Stellar.Sep1;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Sep2;

/// <summary>Resolves federated addresses. Answers are never cached, since servers may give a new memo each time.</summary>
/// <param name="http">
/// Sends the requests. Domains come from strangers, so build it over <see cref="PublicInternet.CreateHandler"/>.
/// </param>
/// <param name="time">The clock for the timeouts.</param>
/// <remarks>Source: SEP-2.</remarks>
public sealed class FederationClient(HttpClient http, TimeProvider time)
{
    private const int MaxBytes = 64 * 1024;
    private readonly DomainReader _reader = new(http, time);
    private readonly StellarTomlClient _toml = new(http, time);

    /// <summary>Where to pay an address; null if its domain has no federation, or the server does not know it.</summary>
    /// <exception cref="DomainException">The domain is out of reach, or answers what cannot be understood.</exception>
    public async Task<FederationRecord?> ResolveAsync(
        FederationAddress address, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        var toml = await _toml.FetchAsync(address.Domain, cancellationToken).ConfigureAwait(false);
        return toml?.FederationServer is { } server
            ? await AskAsync(server, address.ToString(), "name", cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <summary>Asks a federation server for the address of an account; null if it does not know one.</summary>
    /// <exception cref="DomainException">The server is out of reach, or answers what cannot be understood.</exception>
    public Task<FederationRecord?> ResolveAccountAsync(
        Uri server, AccountId account, CancellationToken cancellationToken = default) =>
        AskAsync(server, account.ToString(), "id", cancellationToken);

    /// <summary>Asks a federation server who sent a transaction; null if it does not know.</summary>
    /// <exception cref="DomainException">The server is out of reach, or answers what cannot be understood.</exception>
    public Task<FederationRecord?> ResolveTransactionAsync(
        Uri server, Hash transaction, CancellationToken cancellationToken = default) =>
        AskAsync(server, transaction.ToString(), "txid", cancellationToken);

    private async Task<FederationRecord?> AskAsync(
        Uri server, string question, string type, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (server.Scheme != Uri.UriSchemeHttps)
        {
            throw new DomainException($"The federation server of {server.Host} does not use https.");
        }
        var builder = new UriBuilder(server);
        var separator = builder.Query.Length > 1 ? builder.Query[1..] + "&" : "";
        builder.Query = $"{separator}q={Uri.EscapeDataString(question)}&type={type}";
        var (status, body) = await _reader.GetAsync(builder.Uri, MaxBytes, cancellationToken).ConfigureAwait(false);
        return status switch
        {
            200 => Read(body.Span, server.Host),
            404 => null,
            _ => throw new DomainException($"The federation server {server.Host} answered {status}."),
        };
    }

    private static FederationRecord Read(ReadOnlySpan<byte> body, string host)
    {
        FederationJson? json = null;
        try
        {
            json = JsonSerializer.Deserialize(body, FederationJsonContext.Default.FederationJson);
        }
        catch (JsonException)
        {
            // Said below.
        }
        if (json is null || !MuxedAccount.TryParse(json.AccountId, out var account))
        {
            throw new DomainException($"The answer of the federation server {host} cannot be understood.");
        }
        var memo = ReadMemo(json)
            ?? throw new DomainException($"The memo in the answer of the federation server {host} is not valid.");
        return new FederationRecord(account, memo, json.StellarAddress);
    }

    // A memo that cannot be read must not become none: the payment would go astray.
    private static Memo? ReadMemo(FederationJson json)
    {
        var memo = json.Memo.ValueKind switch
        {
            JsonValueKind.String => json.Memo.GetString(),
            // SEP-2 wants a string always; servers are known that write numbers.
            JsonValueKind.Number => json.Memo.GetRawText(),
            _ => null,
        };
        return json.MemoType switch
        {
            null or "" => string.IsNullOrEmpty(memo) ? Memo.None : null,
            "text" when memo is not null && Encoding.UTF8.GetByteCount(memo) <= MemoText.MaxBytes => new MemoText(memo),
            "id" when ulong.TryParse(memo, NumberStyles.None, CultureInfo.InvariantCulture, out var id) => new MemoId(id),
            "hash" when ReadHash(memo) is { } hash => new MemoHash(hash),
            _ => null,
        };
    }

    private static Hash? ReadHash(string? base64)
    {
        Span<byte> bytes = stackalloc byte[Hash.Size];
        var read = Convert.TryFromBase64String(base64 ?? "", bytes, out var length) && length == Hash.Size;
        return read ? new Hash(bytes) : null;
    }
}
