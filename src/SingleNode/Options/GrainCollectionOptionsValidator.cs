using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>Idle grains cannot end before the first look for them.</summary>
internal sealed class GrainCollectionOptionsValidator(IOptions<GrainCollectionOptions> options) : IConfigurationValidator
{
    public void ValidateConfiguration()
    {
        var quantum = options.Value.CollectionQuantum;
        if (quantum <= TimeSpan.Zero)
        {
            throw new OrleansConfigurationException(
                $"{nameof(GrainCollectionOptions.CollectionQuantum)} is set to {quantum}. It must be greater than 0.");
        }

        Check(nameof(GrainCollectionOptions.CollectionAge), options.Value.CollectionAge, quantum);
        foreach (var (name, age) in options.Value.ClassSpecificCollectionAge)
        {
            Check($"{name} CollectionAgeLimit", age, quantum);
        }
    }

    private static void Check(string name, TimeSpan age, TimeSpan quantum)
    {
        if (age <= quantum)
        {
            throw new OrleansConfigurationException(
                $"{name} is set to {age}. It must be greater than {nameof(GrainCollectionOptions.CollectionQuantum)}, "
                + $"which is set to {quantum}.");
        }
    }
}
