using StellarPay.Grains.Accounts;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

/// <summary>One wallet in memory, as the parts see it of which its grain is composed.</summary>
internal interface IWalletContext : IAccountOwner
{
    WalletId Id { get; }

    /// <summary>The stored state; another object after it was read again.</summary>
    WalletState State { get; }

    /// <summary>Every change that the state can go through.</summary>
    WalletBook Book { get; }

    /// <summary>What is told of the changes.</summary>
    WalletEvents Events { get; }

    /// <summary>What was answered to idempotency keys, and payments however old.</summary>
    PaymentAnswers Answers { get; }

    /// <summary>Signs and submits.</summary>
    AccountEngine Engine { get; }

    /// <summary>Looks at what is due, and goes on with what is under way. In a turn.</summary>
    Task WakeAsync();

    /// <summary>The wallet as its owner is shown it.</summary>
    WalletView View();

    /// <summary>Whether a user is the wallet's owner.</summary>
    bool IsOwner(UserId caller) => State.Owner is not null && State.Owner == caller.Value;

    /// <summary>There is no such wallet, for all that anyone but the owner is told.</summary>
    static Error NoSuchWallet { get; } = new(ErrorKind.NotFound, "wallet_not_found", "There is no such wallet.");

    /// <summary>No contact of the owner's is confirmed.</summary>
    static Error Unconfirmed { get; } = new(ErrorKind.Forbidden, "contact_unconfirmed",
        "Please confirm your e-mail address or your phone number first.");

    /// <summary>Its owner has had it given up for good.</summary>
    static Error Retired { get; } = new(ErrorKind.Conflict, "wallet_closed", "The wallet was given up for good, because its owner asked to be removed, which is under way.");

    /// <summary>That no contact is confirmed, as somebody else is told it.</summary>
    static Error RecipientUnconfirmed { get; } = new(ErrorKind.Refused, "contact_unconfirmed",
        "The recipient has not confirmed an e-mail address or a phone number yet.", "recipient");

    /// <summary>Why somebody else cannot pay the wallet; null where he can, or will when it is open.</summary>
    static Error? CheckPayable(WalletState state) => state.Status switch
    {
        WalletStatus.Unopened => RecipientUnconfirmed,
        WalletStatus.Closing or WalletStatus.Closed =>
            new(ErrorKind.Refused, "recipient_closed", "The recipient's wallet is closed.", "recipient"),
        _ => null,
    };

    /// <summary>Why the wallet's account cannot be used; null where it can.</summary>
    static Error? CheckActive(WalletState state) => state.Status switch
    {
        WalletStatus.Active => null,
        WalletStatus.Unopened => Unconfirmed,
        WalletStatus.Closing => new(ErrorKind.Conflict, "wallet_closing", "The wallet is being closed."),
        WalletStatus.Closed => new(ErrorKind.Conflict, "wallet_closed", "The wallet is closed. Open it again first."),
        _ => new(ErrorKind.Conflict, "wallet_not_active", "The wallet is still being opened. Please try again in a moment."),
    };
}
