using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Merchants;

/// <summary>One merchant in memory, as the parts see it of which its grain is composed.</summary>
internal interface IMerchantContext : IActivation
{
    /// <summary>The stored state; another object after it was read again.</summary>
    MerchantState State { get; }

    /// <summary>Every change that its books can go through.</summary>
    MerchantBook Book { get; }

    /// <summary>The moment, by business time.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Looks at what is due in a while. In a turn.</summary>
    void WakeSoon(TimeSpan? pause = null);

    /// <summary>There is no such merchant, for all that anyone but itself is told.</summary>
    static Error NoSuchMerchant { get; } = new(ErrorKind.NotFound, "merchant_not_found", "There is no such merchant.");
}
