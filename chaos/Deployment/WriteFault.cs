namespace StellarPay.Chaos.Deployment;

/// <summary>What happens to a write of a grain's state on its way.</summary>
internal enum WriteFault
{
    /// <summary>Before the database has heard of it.</summary>
    BeforeItTookEffect,

    /// <summary>After the database has committed it, before the silo hears of it.</summary>
    AfterItTookEffect,

    /// <summary>Not cut off, but kept from the database until it is let go, whatever becomes of the silo's end meanwhile.</summary>
    Held,
}
