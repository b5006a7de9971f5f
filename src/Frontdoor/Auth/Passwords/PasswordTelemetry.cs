using System.Diagnostics.Metrics;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Frontdoor.Auth.Passwords;

/// <summary>Sign-ups and logins whose password was not looked at.</summary>
internal static class PasswordTelemetry
{
    private static readonly Counter<long> Refusals = StellarPayTelemetry.Meter.CreateCounter<long>(
        "stellarpay.passwords.refused", "{request}", "Sign-ups and logins that got no turn to have a password hashed.");

    /// <summary>One got none: <c>full</c>, <c>too_many</c>, <c>displaced</c>, <c>late</c>, or its caller <c>left</c>.</summary>
    public static void Refused(string reason) =>
        Refusals.Add(1, new KeyValuePair<string, object?>("stellarpay.passwords.reason", reason));
}
