using StellarPay.Stellar.Horizon.Json;
using StellarPay.Stellar.Horizon.Transport;

namespace StellarPay.Stellar.Horizon;

/// <summary>Accounts of the network, and friendbot, which gives XLM to new ones.</summary>
/// <remarks>Source: https://developers.stellar.org/docs/data/apis/horizon/api-reference/resources/accounts</remarks>
public sealed class HorizonAccounts
{
    private readonly HorizonTransport _transport;

    internal HorizonAccounts(HorizonTransport transport) => _transport = transport;

    /// <summary>An account; null if it does not exist.</summary>
    public Task<AccountRecord?> GetAsync(AccountId accountId, CancellationToken cancellationToken = default) =>
        _transport.GetOrNullAsync<AccountJson, AccountRecord>(
            $"accounts/{accountId}", HorizonJson.Default.AccountJson, cancellationToken);

    /// <summary>Asks friendbot, which test networks have, to create and fund an account.</summary>
    /// <returns>
    /// How that went. An account that is funded already is <see cref="SubmitOutcome.Terminal"/>.
    /// </returns>
    public Task<SubmitResult> FundByFriendbotAsync(
        AccountId accountId, CancellationToken cancellationToken = default) =>
        HorizonSubmission.SendOnceAsync(
            _transport,
            endpoint => endpoint.LimitedFor(),
            (endpoint, token) => _transport.GetOnceAsync(
                endpoint, $"friendbot?addr={accountId}", _transport.Options.SubmitTimeout, token),
            SubmitClassifier.Classify,
            cancellationToken);
}
