namespace StellarPay.Frontdoor.Checkout.Page;

/// <summary>A step on the way to a payment from a wallet here.</summary>
/// <param name="Key">The session's secret, for its forms.</param>
/// <param name="BackUrl">The session's own page.</param>
public sealed record CheckoutWalletModel(string Key, string BackUrl)
{
    /// <summary>What went wrong before; null for nothing.</summary>
    public string? Wrong { get; init; }

    /// <summary>In what he wants to pay, or null.</summary>
    public string? Asset { get; init; }

    /// <summary>Where name and password go; null where they are not asked for.</summary>
    public string? LogInUrl { get; init; }

    /// <summary>The name that was entered before.</summary>
    public string? Name { get; init; }

    /// <summary>Where a second factor goes; null where none is asked for.</summary>
    public string? FactorUrl { get; init; }

    /// <summary>What is paid: names and values, of which the first is whose wallet it is.</summary>
    public IReadOnlyList<(string Name, string Value)> Terms { get; init; } = [];

    /// <summary>What pays by one click; null where nothing does.</summary>
    public (string Url, string Payment, string Text)? Pay { get; init; }

    /// <summary>In what else it can be paid: what the session takes, what the wallet spends for it, and how that is called.</summary>
    public IReadOnlyList<(string Asset, string? Source, string Text)> Choices { get; init; } = [];

    /// <summary>Where a choice goes.</summary>
    public string? ChooseUrl { get; init; }

    /// <summary>Where somebody goes who is not who is logged in; null where nobody is.</summary>
    public string? LeaveUrl { get; init; }
}
