namespace StellarPay.Frontdoor.Tests.Hosting;

/// <summary>A front door that keeps no data keys, so that each reading of a name is in the audit log.</summary>
public sealed class ForgetfulHost : FrontdoorHost
{
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["StellarPay:Keys:DataKeyCacheSeconds"] = "0" };
}
