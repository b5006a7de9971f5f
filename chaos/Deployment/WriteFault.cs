namespace StellarPay.Chaos.Deployment;

/// <summary>When a write of a grain's state is cut off.</summary>
internal enum WriteFault
{
    /// <summary>Before the database has heard of it.</summary>
    BeforeItTookEffect,

    /// <summary>After the database has committed it, before the silo hears of it.</summary>
    AfterItTookEffect,
}
