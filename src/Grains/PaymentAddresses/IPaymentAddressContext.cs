using StellarPay.Grains.Accounts;

namespace StellarPay.Grains.PaymentAddresses;

/// <summary>One account of a session's own in memory, as the parts see it of which its grain is composed.</summary>
internal interface IPaymentAddressContext : IAccountOwner
{
    /// <summary>The stored state; another object after it was read again.</summary>
    PaymentAddressState State { get; }

    /// <summary>Every change that it can go through.</summary>
    AddressBook Book { get; }

    /// <summary>Signs and submits.</summary>
    AccountEngine Engine { get; }
}
