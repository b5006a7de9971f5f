namespace StellarPay.SingleNode.Tests.Filters;

public sealed class FilterTests(OneSilo silo) : IClassFixture<OneSilo>
{
    [Fact]
    public async Task Filters_of_the_silo_run_around_the_grains_own_filter_and_that_around_the_method()
    {
        (await silo.Grains.GetGrain<IFiltered>("filter_order").Echo("x")).ShouldBe("silo(grain(x!))");
    }

    [Fact]
    public async Task A_filter_can_refuse_a_call()
    {
        var thrown = await Should.ThrowAsync<UnauthorizedAccessException>(
            () => silo.Grains.GetGrain<IFiltered>("filter_refuse").Echo("forbidden"));

        thrown.Message.ShouldBe("Echo of filter_refuse is not for you.");
    }

    [Fact]
    public async Task What_an_outgoing_filter_adds_to_the_context_reaches_the_callee()
    {
        (await silo.Grains.GetGrain<IFiltered>("filter_out").TraceOfNext("filter_next"))
            .ShouldBe("filter_out called TraceSeen");
    }
}

[Alias("tests.IFiltered")]
public interface IFiltered : IGrainWithStringKey
{
    [Alias("Echo")]
    Task<string> Echo(string text);

    [Alias("TraceOfNext")]
    Task<string> TraceOfNext(string next);

    [Alias("TraceSeen")]
    Task<string> TraceSeen();
}

public sealed class FilteredGrain : Grain, IFiltered, IIncomingGrainCallFilter
{
    public Task<string> Echo(string text) => Task.FromResult(text);

    public Task<string> TraceOfNext(string next) => GrainFactory.GetGrain<IFiltered>(next).TraceSeen();

    public Task<string> TraceSeen() => Task.FromResult(RequestContext.Get("trace-filter") as string ?? "");

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.MethodName != nameof(Echo))
        {
            await context.Invoke();
            return;
        }

        context.Request.SetArgument(0, $"{context.Request.GetArgument(0)}!");
        await context.Invoke();
        context.Result = $"grain({context.Result})";
    }
}

/// <summary>An incoming filter of the test's silos.</summary>
public sealed class StampingFilter : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is not FilteredGrain || context.InterfaceMethod.Name != nameof(IFiltered.Echo))
        {
            await context.Invoke();
            return;
        }

        if (Equals(context.Request.GetArgument(0), "forbidden"))
        {
            throw new UnauthorizedAccessException(
                $"{context.ImplementationMethod.Name} of {context.TargetId.Key} is not for you.");
        }

        await context.Invoke();
        context.Result = $"silo({context.Result})";
    }
}

/// <summary>An outgoing filter of the test's silos.</summary>
public sealed class TracingFilter : IOutgoingGrainCallFilter
{
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.InterfaceMethod.DeclaringType == typeof(IFiltered) && context.SourceId is { } source)
        {
            RequestContext.Set("trace-filter", $"{source.Key} called {context.MethodName}");
        }

        return context.Invoke();
    }
}
