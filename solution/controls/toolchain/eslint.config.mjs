// The PCF build wants a configuration and stops without one, with exit code 0. The rules are the
// ones that Microsoft's checker asks of controls; types are the compiler's business.
import powerApps from "@microsoft/eslint-plugin-power-apps";
import parser from "@typescript-eslint/parser";

export default [
  {
    files: ["**/*.ts", "**/*.tsx"],
    languageOptions: { parser },
    plugins: { "@microsoft/power-apps": powerApps },
    rules: powerApps.configs.paCheckerHosted?.rules ?? {},
  },
];
