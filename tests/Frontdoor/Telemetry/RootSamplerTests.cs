using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OpenTelemetry.Trace;
using StellarPay.Grains.Telemetry;
using StellarPay.Silo.Telemetry;

namespace StellarPay.Frontdoor.Tests.Telemetry;

public sealed class RootSamplerTests
{
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    [Theory]
    [InlineData(Request, true)]
    [InlineData(StellarPayTelemetry.FollowerSpan, true)]
    [InlineData("IDueGrain/SweepAsync", false)]
    [InlineData("postgresql", false)]
    public void A_trace_begins_with_a_request_or_a_batch_of_ledgers_and_with_nothing_else(string name, bool taken) =>
        Decide(name, parent: default).ShouldBe(taken);

    [Theory]
    [InlineData(ActivityTraceFlags.Recorded, true)]
    [InlineData(ActivityTraceFlags.None, false)]
    public void What_is_part_of_a_trace_does_as_the_trace_does(ActivityTraceFlags flags, bool taken) =>
        Decide("postgresql", new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags)).ShouldBe(taken);

    [Theory]
    [InlineData("always_off", null, false)]
    [InlineData("traceidratio", "0", false)]
    [InlineData("parentbased_traceidratio", "0.0", false)]
    [InlineData("traceidratio", "1", true)]
    [InlineData("parentbased_always_on", null, true)]
    public void How_many_requests_are_taken_is_said_by_OpenTelemetry_s_own_variables(string sampler, string? argument, bool taken) =>
        Decide(Request, default, new() { ["OTEL_TRACES_SAMPLER"] = sampler, ["OTEL_TRACES_SAMPLER_ARG"] = argument }).ShouldBe(taken);

    [Theory]
    [InlineData("nonsense", null, "OTEL_TRACES_SAMPLER is 'nonsense'; it takes always_on, always_off or traceidratio, with or without parentbased_ before it.")]
    [InlineData("traceidratio", "much", "OTEL_TRACES_SAMPLER_ARG is 'much'; it takes a number from 0 to 1.")]
    [InlineData("traceidratio", "1.5", "OTEL_TRACES_SAMPLER_ARG is '1.5'; it takes a number from 0 to 1.")]
    public void A_sampler_that_is_none_stops_the_start(string sampler, string? argument, string sentence) =>
        Should.Throw<OptionsValidationException>(
            () => Decide(Request, default, new() { ["OTEL_TRACES_SAMPLER"] = sampler, ["OTEL_TRACES_SAMPLER_ARG"] = argument }))
            .Failures.ShouldBe([sentence]);

    private static bool Decide(string name, ActivityContext parent, Dictionary<string, string?>? settings = null)
    {
        var sampler = new RootSampler(new ConfigurationBuilder().AddInMemoryCollection(settings ?? []).Build());
        return sampler.ShouldSample(new SamplingParameters(parent, ActivityTraceId.CreateRandom(), name, ActivityKind.Server, [], []))
            .Decision == SamplingDecision.RecordAndSample;
    }
}
