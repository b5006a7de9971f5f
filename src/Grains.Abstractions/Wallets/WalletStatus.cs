namespace StellarPay.Grains.Wallets;

/// <summary>Where a wallet stands.</summary>
[GenerateSerializer, Alias("sp.WalletStatus")]
public enum WalletStatus
{
    /// <summary>A contact of its owner's is confirmed; its account on the network is being created.</summary>
    Opening,

    /// <summary>Its account exists and can pay and be paid.</summary>
    Active,

    /// <summary>An administrator has frozen it: it can be paid and looked at, but cannot pay. Shown, never stored.</summary>
    Frozen,

    /// <summary>
    /// Its key exists, but no contact of its owner's is confirmed: it neither pays nor is paid, and its address is told to nobody.
    /// </summary>
    Unopened,

    /// <summary>What it holds is being paid out, and its account given up: it begins nothing else, and is paid by nobody here.</summary>
    Closing,

    /// <summary>Its account is no more. What still comes to its address is booked; it can be opened again.</summary>
    Closed,
}
