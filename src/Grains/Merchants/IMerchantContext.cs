using StellarPay.Grains.Accounts;
using StellarPay.Grains.Merchants.Receipts;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Merchants;

/// <summary>One merchant in memory, as the parts see it of which its grain is composed.</summary>
internal interface IMerchantContext : IAccountOwner
{
    /// <summary>The stored state; another object after it was read again.</summary>
    MerchantState State { get; }

    /// <summary>Every change that its books can go through.</summary>
    MerchantBook Book { get; }

    /// <summary>What came to it and names nobody.</summary>
    ReceiptBook Receipts { get; }

    /// <summary>What it is to pay back.</summary>
    RefundOrders Refunds { get; }

    /// <summary>Signs and submits.</summary>
    AccountEngine Engine { get; }

    /// <summary>There is no such merchant, for all that anyone but itself is told.</summary>
    static Error NoSuchMerchant { get; } = new(ErrorKind.NotFound, "merchant_not_found", "There is no such merchant.");
}
