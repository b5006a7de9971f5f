using System.Globalization;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Domains;
using StellarPay.Stellar.Sep2;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Frontdoor.Recipients;

/// <summary>Asks a recipient's domain where to pay (SEP-2). Never cached: a domain may give another memo each time.</summary>
internal sealed partial class FederatedNames(FederationClient federation, TimeProvider time, ILogger<FederatedNames> logger)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    public async Task<Result<Recipient>> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        var address = FederationAddress.Parse(name);
        using var deadline = new CancellationTokenSource(AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await federation.ResolveAsync(address, either.Token) switch
            {
                null => new Error(
                    ErrorKind.Refused, "recipient_not_found", $"{address.Domain} does not know this recipient.", "recipient"),
                { Account.Id: not null, Memo: not MemoNone } => Unavailable(address),
                { } record => Read(record, name),
            };
        }
        catch (DomainException e)
        {
            LogNoAnswer(address.Domain, e.Message);
            return Unavailable(address);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            LogNoAnswer(address.Domain, "it took too long");
            return Unavailable(address);
        }
    }

    private static Recipient Read(FederationRecord record, string name)
    {
        var (memo, type) = record.Memo switch
        {
            MemoText text => (text.Text.ToString(), null),
            MemoId id => (id.Id.ToString(CultureInfo.InvariantCulture), "id"),
            MemoHash hash => (Convert.ToBase64String(hash.Hash.ToArray()), "hash"),
            _ => ((string?)null, (string?)null),
        };
        var facts = new RecipientFacts(IsUser: false, null, type, OwnMemo: memo is not null);
        return new Recipient(record.Account.ToString(), name, RecipientKind.Federated, facts, memo);
    }

    private static Error Unavailable(FederationAddress address) => new(
        ErrorKind.Unavailable,
        "federation_unavailable",
        $"{address.Domain} gives no answer that can be used. Please try again later.",
        "recipient");

    [LoggerMessage(EventId = 5501, Level = LogLevel.Warning, Message = "The domain {Domain} could not say where to pay: {Reason}")]
    private static partial void LogNoAnswer(ILogger logger, string domain, string reason);

    private void LogNoAnswer(string domain, string reason) => LogNoAnswer(logger, domain, reason);
}
