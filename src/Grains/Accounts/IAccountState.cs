using StellarPay.Grains.Keys;

namespace StellarPay.Grains.Accounts;

/// <summary>What is stored of whoever owns an account and sends its transactions.</summary>
internal interface IAccountState
{
    /// <summary>The account.</summary>
    string Address { get; }

    /// <summary>The key that signs for it.</summary>
    EncryptedSeed? Key { get; }

    /// <summary>The sequence number that the account used last; null where it must be read from the network.</summary>
    long? SequenceNumber { get; set; }

    /// <summary>The transaction that is signed and not decided; there is never more than one.</summary>
    Submission? Submission { get; set; }

    /// <summary>
    /// Inner hashes of transactions whose end was learnt from the network before the inbox told it: their outcome rows are
    /// still to come, and are no strangers'. Null without any.
    /// </summary>
    List<string>? LearntEarly { get; set; }

    /// <summary>
    /// The sequence number up to which ends were learnt early that <see cref="LearntEarly"/> had no room for; null for none.
    /// </summary>
    long? LearntThrough { get; set; }
}
