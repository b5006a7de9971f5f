using System.Globalization;
using OpenTelemetry.Trace;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Silo.Telemetry;

/// <summary>
/// A trace begins with a request or with a batch of ledgers. What runs all the time beside them (sweeps, the reading of
/// feeds, membership) begins none; as a part of a trace each is in it. How many of the requests: OTEL_TRACES_SAMPLER and
/// OTEL_TRACES_SAMPLER_ARG.
/// </summary>
internal sealed class RootSampler : Sampler
{
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    private readonly ParentBasedSampler _inner;

    public RootSampler(IConfiguration configuration) => _inner = new ParentBasedSampler(Chosen(configuration));

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        samplingParameters.ParentContext.TraceId == default
        && samplingParameters.Name is not (Request or StellarPayTelemetry.FollowerSpan)
            ? new SamplingResult(SamplingDecision.Drop)
            : _inner.ShouldSample(samplingParameters);

    private static Sampler Chosen(IConfiguration configuration) => configuration["OTEL_TRACES_SAMPLER"] switch
    {
        "always_off" or "parentbased_always_off" => new AlwaysOffSampler(),
        "traceidratio" or "parentbased_traceidratio" => new TraceIdRatioBasedSampler(Ratio(configuration["OTEL_TRACES_SAMPLER_ARG"])),
        _ => new AlwaysOnSampler(),
    };

    // As the specification has it: without an argument that can be used, all.
    private static double Ratio(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1 ? ratio : 1;
}
