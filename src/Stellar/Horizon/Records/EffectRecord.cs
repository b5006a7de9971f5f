using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon;

/// <summary>What an operation did to an account.</summary>
/// <param name="Type">Horizon's name of its type, such as "account_credited".</param>
/// <param name="Account">The account.</param>
/// <param name="Asset">The asset that moved; null where none did.</param>
/// <param name="Amount">How much moved, in stroops; null where nothing did.</param>
/// <param name="PagingToken">Where in the list of effects it is.</param>
/// <remarks>Source: https://developers.stellar.org/docs/data/apis/horizon/api-reference/resources/effects</remarks>
public sealed record EffectRecord(string Type, AccountId Account, Asset? Asset, long? Amount, string PagingToken) : IHorizonRecord;
