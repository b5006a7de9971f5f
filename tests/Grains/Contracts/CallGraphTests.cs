using System.Reflection;
using StellarPay.Grains.Tests.World;
using StellarPay.Tests.Shared.Calls;

namespace StellarPay.Grains.Tests.Contracts;

/// <summary>
/// The calls that all tests of this assembly made, against the graph of the decision record. xunit runs a collection that
/// is not parallel after all that are, so these tests see what every other saw.
/// </summary>
[Collection(nameof(AfterAllOthers))]
public sealed class CallGraphTests
{
    // Of docs/guides/add-a-feature.md, and in no drawing.
    private const string Example = "nudge";

    [Fact]
    public void The_drawn_graph_has_no_cycle()
    {
        var drawn = CallGraph.Read();

        drawn.Calls.ShouldNotBeEmpty();
        drawn.FindCycle().ShouldBeEmpty();
    }

    [Fact]
    public void A_cycle_is_found_and_a_call_for_which_nobody_waits_makes_none()
    {
        CallGraph.Parse("a --> b\nb --> c\nc --> b").FindCycle().ShouldBe(["b", "c", "b"]);
        CallGraph.Parse("a --> a").FindCycle().ShouldBe(["a", "a"]);
        CallGraph.Parse("a --> b\nb -.-> a\na --> c\nb --> c").FindCycle().ShouldBeEmpty();
    }

    [Fact]
    public void No_grain_called_another_in_a_way_that_is_not_drawn() => CallRecorder.Seen
        .Where(call => call.Key.To != Example && !CallGraph.Read().Calls.Contains(call.Key))
        .Select(call => $"{call.Key} by {call.Value}")
        .ShouldBeEmpty();

    [Fact]
    public void Every_call_that_is_drawn_was_seen()
    {
        var notRun = TestsWithAWorld().Except(CallRecorder.Entered).ToArray();
        Assert.SkipWhen(notRun.Length > 0, $"Only a run of all tests shows all calls; this one is without {string.Join(", ", notRun)}.");

        CallGraph.Read().Calls.Except(CallRecorder.Seen.Keys).ShouldBeEmpty();
    }

    // Those that are run only with all: what they call, their sisters on PostgreSQL call too.
    private static bool IsLong(Type test) =>
        test.GetCustomAttributes<TraitAttribute>().Any(trait => trait is { Name: "Length", Value: "long" });

    // A test that has a world keeps it in a variable, which is a field of what the compiler makes of an async method.
    private static IEnumerable<string> TestsWithAWorld() => Assembly.GetExecutingAssembly().GetTypes()
        .Where(type => type is { IsAbstract: false, DeclaringType: null } && HasWorld(type) && !IsLong(type))
        .Select(type => type.FullName!);

    private static bool HasWorld(Type test) => Lineage(test).Any(type =>
        type.GetMethods().Any(method => method.IsDefined(typeof(FactAttribute), inherit: false))
        && type.GetNestedTypes(BindingFlags.NonPublic).Any(nested => nested
            .GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
            .Any(field => field.FieldType == typeof(TestWorld))));

    private static IEnumerable<Type> Lineage(Type? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            yield return type;
        }
    }
}

/// <summary>Tests that look at what all others did.</summary>
[CollectionDefinition(nameof(AfterAllOthers), DisableParallelization = true)]
public sealed class AfterAllOthers;
