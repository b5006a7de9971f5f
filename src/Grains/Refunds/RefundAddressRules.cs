using StellarPay.Grains.Results;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Refunds;

/// <summary>How a refund address is written: what can be said of one without asking anybody.</summary>
public static class RefundAddressRules
{
    private const string Memo = "memo";

    private static readonly Error Invalid = new(
        ErrorKind.InvalidRequest, "refund_address_invalid", "'address' is an account's address, G… or M….", "address");

    private static readonly Error NotAllowed = new(
        ErrorKind.InvalidRequest, "memo_not_allowed", "What is paid to an M… address carries no memo; the address says it all.", Memo);

    /// <summary>What is wrong with an address and its memo; null where nothing is.</summary>
    public static Error? Check(string address, RefundMemo? memo)
    {
        if (!MuxedAccount.TryParse(address, out var account))
        {
            return Invalid;
        }

        return memo is null ? null
            : account.Id is not null ? NotAllowed
            : RefundMemos.Problem(memo) is { } problem ? new Error(ErrorKind.InvalidRequest, "memo_invalid", problem, Memo)
            : null;
    }
}
