// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package judged;

import java.util.function.Function;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.ToolCallbackProvider;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class Judged {
  public record Numbers(double a, double b) {}

  public static void main(String[] arguments) {
    SpringApplication.run(Judged.class, arguments);
  }

  @Bean
  ToolCallbackProvider tools() {
    Function<Numbers, Double> add = numbers -> numbers.a() + numbers.b();
    ToolCallback callback =
        FunctionToolCallback.builder("add", add).description("Add two numbers.").inputType(Numbers.class).build();
    return ToolCallbackProvider.from(callback);
  }
}
