namespace Orleans;

/// <summary>Checks settings before a silo starts; throws where they cannot work.</summary>
public interface IConfigurationValidator
{
    void ValidateConfiguration();
}
