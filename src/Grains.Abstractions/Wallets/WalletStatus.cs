namespace StellarPay.Grains.Wallets;

/// <summary>Where a wallet stands.</summary>
[GenerateSerializer, Alias("sp.WalletStatus")]
public enum WalletStatus
{
    /// <summary>Its key exists; its account on the network is being created.</summary>
    Opening,

    /// <summary>Its account exists and can pay and be paid.</summary>
    Active,

    /// <summary>An administrator has frozen it: it can be paid and looked at, but cannot pay. Shown, never stored.</summary>
    Frozen,
}
