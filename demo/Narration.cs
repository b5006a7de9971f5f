namespace StellarPay.Demo;

/// <summary>Tells what the demo does, and ends it where something is not as it should be.</summary>
internal static class Narration
{
    public static void Step(string what)
    {
        Console.WriteLine();
        Console.WriteLine($"── {what}");
    }

    public static void Say(string what) => Console.WriteLine($"   {what}");

    public static void Must(bool holds, string what)
    {
        if (!holds)
        {
            throw new DemoException($"It does not hold that {what}.");
        }
    }
}
