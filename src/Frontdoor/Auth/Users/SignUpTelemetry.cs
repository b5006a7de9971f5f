using System.Diagnostics.Metrics;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>How sign-ups end whose credentials are sound.</summary>
internal static class SignUpTelemetry
{
    private static readonly Counter<long> SignUps = StellarPayTelemetry.Meter.CreateCounter<long>(
        "stellarpay.signups", "{signup}", "Sign-ups with sound credentials.");

    /// <summary>One ended: <c>created</c>.</summary>
    public static void Ended(string outcome) =>
        SignUps.Add(1, new KeyValuePair<string, object?>("stellarpay.signup.outcome", outcome));
}
