using System.Globalization;
using StellarPay.Stellar.Horizon.Json;
using StellarPay.Stellar.Horizon.Transport;

namespace StellarPay.Stellar.Horizon;

public sealed partial class HorizonClient
{
    /// <summary>
    /// A page of operations of which each is read by itself, for a reader who must get past those that cannot be
    /// understood, and keep them.
    /// </summary>
    public Task<HorizonPage<OperationLine>> GetOperationLinesAsync(
        OperationsQuery query, PageQuery page, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<OperationLinesJson, HorizonPage<OperationLine>>(
            HorizonPaths.Operations("operations", query).With(page).ToString(),
            HorizonJson.Default.OperationLinesJson,
            cancellationToken);

    /// <summary>What an operation did to accounts; at most the first 200 effects.</summary>
    /// <param name="operationId">The operation's id (SEP-35).</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<HorizonPage<EffectRecord>> GetEffectsAsync(long operationId, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<PageJson<EffectJson, EffectRecord>, HorizonPage<EffectRecord>>(
            new HorizonPath(string.Create(CultureInfo.InvariantCulture, $"operations/{operationId}/effects"))
                .With(PageQuery.First)
                .ToString(),
            HorizonJson.Default.EffectPage,
            cancellationToken);
}
