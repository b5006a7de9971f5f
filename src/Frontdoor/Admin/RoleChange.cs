namespace StellarPay.Frontdoor.Admin;

/// <summary>What came of giving or taking a role.</summary>
internal enum RoleChange
{
    /// <summary>He has it now.</summary>
    Set,

    /// <summary>He had it already.</summary>
    Same,

    /// <summary>He is being erased, and is given nothing more.</summary>
    BeingErased,

    /// <summary>Nobody has confirmed that name.</summary>
    NoSuchUser,
}
