using System.Globalization;
using Microsoft.Extensions.Options;
using OpenTelemetry.Trace;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Silo.Telemetry;

/// <summary>
/// A trace begins with a request or with a batch of ledgers. What runs all the time beside them (sweeps, the reading of
/// feeds, membership) begins none; as a part of a trace each is in it. How many of the requests: OTEL_TRACES_SAMPLER and
/// OTEL_TRACES_SAMPLER_ARG. Whether a part is taken was decided at the beginning, which is always ours.
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
        null or "" or "always_on" or "parentbased_always_on" => new AlwaysOnSampler(),
        "traceidratio" or "parentbased_traceidratio" => new TraceIdRatioBasedSampler(Ratio(configuration["OTEL_TRACES_SAMPLER_ARG"])),
        var other => throw Wrong($"OTEL_TRACES_SAMPLER is '{other}'; it takes always_on, always_off or traceidratio, with or without parentbased_ before it."),
    };

    // Without an argument all, as the specification has it; where it goes on with one that is wrong, we stop as at any setting.
    private static double Ratio(string? text) =>
        string.IsNullOrEmpty(text) ? 1
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1 ? ratio
        : throw Wrong($"OTEL_TRACES_SAMPLER_ARG is '{text}'; it takes a number from 0 to 1.");

    private static OptionsValidationException Wrong(string sentence) => new("OTEL_TRACES_SAMPLER", typeof(RootSampler), [sentence]);
}
